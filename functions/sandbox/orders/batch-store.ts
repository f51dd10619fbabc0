/**
 * Which batches came.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `BATCH#<channel>#<merchantNo>#<batchNo>` | `BATCH` | digest of its lines |
 */
import { getItem, type Table, toItem } from '../../kernel/table.ts';
import type { ServedMerchant } from '../channels-served.ts';
import { putIfNew } from '../conditional-update.ts';

/** @returns false where the number belongs to a batch of other lines */
export async function keepBatch(
  { table }: { readonly table: Table },
  { channel, merchantNo, batchNo }: ServedMerchant & { readonly batchNo: string },
  digest: string,
): Promise<boolean> {
  const key = { pk: `BATCH#${channel}#${merchantNo}#${batchNo}`, sk: 'BATCH' };
  if (await putIfNew(table, toItem({ ...key, digest }))) return true;
  return (await getItem(table, key))?.['digest'] === digest;
}
