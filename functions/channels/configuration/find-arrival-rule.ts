/** Where the settlements of a merchant number arrive. */
import type { Channels } from '../channels.ts';
import { listEntries } from './configuration-store.ts';
import { type ArrivalRule, arrivalRuleKind } from './kinds/arrival-rule.ts';

/** One Query of all rules: 1 read unit per 4 KiB, about ten of them. @returns undefined where nobody awaits them */
export async function findArrivalRule(
  { table }: Pick<Channels, 'table'>,
  { channel, merchantNo }: { readonly channel: string; readonly merchantNo: string },
): Promise<ArrivalRule | undefined> {
  const stored = await listEntries(table, 'arrival-rules', {});
  return stored
    .map(({ id, value }) => arrivalRuleKind.read(id, value))
    .find((rule) => rule.channel === channel && rule.merchantNo === merchantNo);
}
