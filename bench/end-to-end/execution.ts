/** What a deployed execution did: its end, the time of each of its states, and the differences that it found. */
import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  type HistoryEvent,
  paginateGetExecutionHistory,
} from '@aws-sdk/client-sfn';
import { expectStatus } from '../../local/outsider/api-client.ts';
import type { Center } from '../../local/outsider/center.ts';
import { listAt, textAt, valueAt } from '../../local/outsider/json.ts';
import { output } from '../../local/outsider/outputs.ts';

export interface StateTime {
  readonly name: string;
  readonly milliseconds: number;
}

export interface ExecutionEnd {
  readonly status: string;
  /** in the order in which they were entered */
  readonly states: readonly StateTime[];
}

const longestMs = 30 * 60 * 1_000;

/** Waits for it. @throws Error when it does not end in half an hour, or ends badly. */
export async function executionEnd({ outputs, stepFunctions: client }: Center, name: string): Promise<ExecutionEnd> {
  const executionArn = `${output(outputs, 'ReconciliationStateMachineArn').replace(':stateMachine:', ':execution:')}:${name}`;
  const until = Date.now() + longestMs;
  for (;;) {
    const described = await client.send(new DescribeExecutionCommand({ executionArn })).catch((error: unknown) => {
      if (error instanceof ExecutionDoesNotExist) return undefined;
      throw error;
    });
    const status = described?.status ?? 'RUNNING';
    if (status === 'SUCCEEDED') break;
    if (status !== 'RUNNING') throw new Error(`${name} ended as ${status}: ${described?.error} ${described?.cause}`);
    if (Date.now() > until) throw new Error(`${name} did not end in half an hour`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const events: HistoryEvent[] = [];
  for await (const page of paginateGetExecutionHistory({ client }, { executionArn }))
    events.push(...(page.events ?? []));
  const states = statesOf(events);
  return { status: states.at(-1)?.name ?? 'unknown', states };
}

function statesOf(events: readonly HistoryEvent[]): StateTime[] {
  const entered = new Map<string, number>();
  const left = new Map<string, number>();
  for (const { timestamp, stateEnteredEventDetails: into, stateExitedEventDetails: outOf } of events) {
    const at = timestamp?.getTime() ?? 0;
    if (into?.name !== undefined && !entered.has(into.name)) entered.set(into.name, at);
    if (outOf?.name !== undefined) left.set(outOf.name, at);
  }
  return [...entered].map(([name, from]) => ({ name, milliseconds: Math.max(0, (left.get(name) ?? from) - from) }));
}

/** The types of all of them, sorted. */
export async function differencesFound(
  { operator }: Center,
  day: { readonly channel: string; readonly merchantNo: string; readonly date: string },
): Promise<string[]> {
  const query = new URLSearchParams({ ...day });
  const [batch = null] = listAt(expectStatus(await operator.get(`/v1/reconciliations?${query}`), 200), 'items');
  const types: string[] = [];
  let cursor = '';
  for (;;) {
    const path = `/v1/reconciliations/${textAt(batch, 'id')}/differences?limit=200${cursor}`;
    const page = expectStatus(await operator.get(path), 200);
    types.push(...listAt(page, 'items').map((each) => textAt(each, 'type')));
    const next = valueAt(page, 'nextCursor');
    if (typeof next !== 'string') return types.sort();
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
}
