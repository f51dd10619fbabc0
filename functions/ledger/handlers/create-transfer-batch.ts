import { institutionOf, signatureOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { created, ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { previewAll, transferAll, transferEach } from '../transfers/transfer-batch.ts';
import { previewTransfers } from '../transfers/transfer-money.ts';
import { createTransferBatchRoute } from '../transfers/transfer-routes.ts';
import { batchAnswer, orderFrom } from '../transfers/transfer-schemas.ts';

const ways = {
  all_or_nothing: { real: transferAll, dry: previewAll },
  item_by_item: { real: transferEach, dry: previewTransfers },
};

export const handler = httpHandler(createTransferBatchRoute, async ({ caller, body: { mode, transfers, dryRun } }) => {
  const party = { institutionId: institutionOf(caller), by: signatureOf(caller) };
  const orders = transfers.map(orderFrom);
  const outcomes = await ways[mode][dryRun ? 'dry' : 'real'](ledger(), party, orders);
  if (isRefusal(outcomes)) return outcomes;
  return (mode === 'all_or_nothing' && !dryRun ? created : ok)(batchAnswer(mode, orders, outcomes));
});
