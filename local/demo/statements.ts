/** Night: the channels write their statements, and the center reconciles each as soon as its file arrives. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeExecutionCommand, ExecutionDoesNotExist, GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import type { Center } from '../outsider/center.ts';
import { type Json, numberAt, textAt } from '../outsider/json.ts';
import type { Institution } from '../outsider/onboarding.ts';
import { output } from '../outsider/outputs.ts';
import { controlSandbox } from '../outsider/sandbox.ts';
import { formatOf } from '../outsider/statement-request.ts';

/** Every type of difference that the center knows, and a line that nobody can read. */
export const differenceTypes = [
  'missing_in_books',
  'missing_at_channel',
  'amount_mismatch',
  'fee_mismatch',
  'status_mismatch',
  'duplicate',
  'returned',
] as const;

export interface Statement {
  readonly institution: Institution;
  readonly channel: string;
  readonly merchantNo: string;
  readonly settlementAccountId: string;
  readonly date: string;
  readonly spoilt: boolean;
  readonly executionName: string;
  /** what the sandbox says of the file that it wrote */
  readonly file: Json;
}

/** One statement for every merchant number of the day; `spoilt` says for whom the sandbox makes every mistake. */
export function dropStatements(
  center: Center,
  institutions: readonly Institution[],
  { date, spoilt }: { readonly date: string; readonly spoilt: (institution: Institution) => boolean },
): Promise<Statement[]> {
  const merchants = institutions.flatMap((institution) =>
    institution.merchants.map((merchant) => ({ ...merchant, institution, spoilt: spoilt(institution) })),
  );
  return Promise.all(
    merchants.map(async (merchant) => {
      const { channel, merchantNo } = merchant;
      const mistakes = merchant.spoilt ? [...differenceTypes, 'bad_line'] : [];
      const request = { channel, merchantNo, date, format: formatOf(channel), mistakes };
      const file = await controlSandbox(center, '/control/statements', request);
      return { ...merchant, date, file, executionName: `${channel}-${merchantNo}-${date}-v1` };
    }),
  );
}

export const keyOf = ({ file }: Statement): string => textAt(file, 'key');
export const linesOf = ({ file }: Statement): number => numberAt(file, 'lines');

const patienceMs = 120_000;

/**
 * Watches an execution to its end.
 *
 * @param tell is told each state that it enters
 * @throws Error when it ends as anything but succeeded, or not in time.
 */
export async function watchExecution(center: Center, name: string, tell: (state: string) => void): Promise<void> {
  const machine = output(center.outputs, 'ReconciliationStateMachineArn');
  const executionArn = `${machine.replace(':stateMachine:', ':execution:')}:${name}`;
  const until = Date.now() + patienceMs;
  while (Date.now() < until) {
    const { status, error, cause } = await execution(center, executionArn);
    if (status === 'SUCCEEDED') return;
    if (status !== 'NOT STARTED' && status !== 'RUNNING') {
      throw new Error(`the execution ${name} has ${status}: ${error}, ${cause}`);
    }
    if (status === 'RUNNING') tell(await latestState(center, executionArn));
    await sleep(300);
  }
  throw new Error(`the execution ${name} did not end in ${patienceMs / 1000} s`);
}

async function execution({ stepFunctions }: Center, executionArn: string) {
  try {
    const { status, error, cause } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    return { status, error, cause };
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return { status: 'NOT STARTED' as const };
    throw error;
  }
}

async function latestState({ stepFunctions }: Center, executionArn: string): Promise<string> {
  const request = new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 50 });
  const { events = [] } = await stepFunctions.send(request);
  return events.find(({ stateEnteredEventDetails }) => stateEnteredEventDetails)?.stateEnteredEventDetails?.name ?? '…';
}
