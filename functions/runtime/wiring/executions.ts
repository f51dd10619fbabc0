/** The executions of a state machine, through Step Functions. */
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ExecutionNotRedrivable,
  GetExecutionHistoryCommand,
  RedriveExecutionCommand,
  SFNClient,
  SFNServiceException,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { ExecutionState, Executions } from '../../reconciliation/index.ts';
import { environmentValue } from '../environment.ts';
import { lazily } from './base.ts';

const stepFunctions = /* @__PURE__ */ lazily(() => new SFNClient({}));

const stateMachineArn = () => environmentValue('STATE_MACHINE_ARN');

const arnOf = (name: string): string => `${stateMachineArn().replace(':stateMachine:', ':execution:')}:${name}`;

/** An execution of that name runs or has run: a repeated event. */
const start: Executions['start'] = async ({ name, input }) => {
  const command = { stateMachineArn: stateMachineArn(), name, input: JSON.stringify(input) };
  try {
    await stepFunctions().send(new StartExecutionCommand(command));
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
};

const stop: Executions['stop'] = async (name, cause) => {
  // an emulator refuses to stop what has ended
  if ((await stateOf(name)) !== 'running') return;
  await stepFunctions().send(new StopExecutionCommand({ executionArn: arnOf(name), error: 'Cancelled', cause }));
};

const redrive: Executions['redrive'] = async (name) => {
  try {
    // a repeat of the same command within 15 minutes is the same redrive
    await stepFunctions().send(new RedriveExecutionCommand({ executionArn: arnOf(name) }));
    return 'redriven';
  } catch (error) {
    if (error instanceof ExecutionNotRedrivable || error instanceof ExecutionDoesNotExist) return 'impossible';
    if (error instanceof SFNServiceException && unknownOperation.has(error.name)) return 'impossible';
    throw error;
  }
};

/** What a server answers that has no such operation. */
const unknownOperation = new Set(['InvalidAction', 'UnknownOperationException']);

const states: Readonly<Record<string, ExecutionState>> = {
  RUNNING: 'running',
  PENDING_REDRIVE: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
  ABORTED: 'failed',
};

const stateOf: Executions['stateOf'] = async (name) => {
  try {
    const { status = '' } = await stepFunctions().send(new DescribeExecutionCommand({ executionArn: arnOf(name) }));
    return states[status] ?? 'running';
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return 'never_started';
    throw error;
  }
};

const lastEntered: Executions['lastEntered'] = async (name, wanted) => {
  let nextToken: string | undefined;
  try {
    do {
      const page = await stepFunctions().send(
        new GetExecutionHistoryCommand({ executionArn: arnOf(name), reverseOrder: true, maxResults: 200, nextToken }),
      );
      for (const { timestamp, stateEnteredEventDetails: entered } of page.events ?? []) {
        if (!entered?.name || entered.input === undefined || !timestamp || !wanted.includes(entered.name)) continue;
        return { state: entered.name, at: timestamp, input: JSON.parse(entered.input) as unknown };
      }
      nextToken = page.nextToken;
    } while (nextToken);
  } catch (error) {
    if (!(error instanceof ExecutionDoesNotExist)) throw error;
  }
  return undefined;
};

export const executions: Executions = { start, stop, redrive, stateOf, lastEntered };
