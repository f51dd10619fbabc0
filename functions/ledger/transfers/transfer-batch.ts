/** Up to twenty transfers in one request: all or nothing, or each on its own with an outcome of its own. */
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Ledger } from '../ledger.ts';
import { findBooked, PostedOtherwise, postAll } from '../post.ts';
import { postingOfTransfer, type TransferOrder } from './transfer.ts';
import {
  type MadeTransfer,
  madeTransfer,
  previewTransfers,
  refusedAccounts,
  type TransferParty,
  type TransferRefusal,
  transferMoney,
} from './transfer-money.ts';

/** Sixty actions where each is drawn from one slot; a transaction takes a hundred. */
export const maximumTransfers = 20;

export type TransferOutcome = MadeTransfer | Refusal<TransferRefusal>;

/**
 * All in one transaction, one after the other: the second may spend what the first has brought. The first that can't be
 * made refuses the whole batch, and its number is told. Cost: that of each transfer.
 */
export async function transferAll(
  ledger: Ledger,
  party: TransferParty,
  orders: readonly TransferOrder[],
): Promise<readonly MadeTransfer[] | Refusal<TransferRefusal>> {
  const refused = await refusedOrder(ledger, party, orders);
  if (refused) return refused;
  try {
    const outcome = await postAll(
      ledger,
      orders.map((order) => postingOfTransfer(party, order)),
    );
    if (isRefusal(outcome)) return outcome;
    if (outcome.outcome === 'overtaken')
      throw new Error('a batch of transfers commits nothing that could be overtaken');
    const { postings } = outcome;
    return await Promise.all(postings.map((booked, index) => madeTransfer(ledger, booked, postings.slice(index + 1))));
  } catch (error) {
    if (!(error instanceof PostedOtherwise)) throw error;
    return batchTaken;
  }
}

const batchTaken = refuse(
  'reference_taken',
  'A reference stands for another transfer, or for one that was made without the others.',
);

/** The first whose accounts don't allow it. */
async function refusedOrder(
  ledger: Ledger,
  party: TransferParty,
  orders: readonly TransferOrder[],
): Promise<Refusal<TransferRefusal> | undefined> {
  for (const [index, order] of orders.entries()) {
    const refused = await refusedAccounts(ledger, party, order);
    if (refused) return numbered(refused, index, orders);
  }
  return undefined;
}

/** What {@link transferAll} would answer; nothing is written. */
export async function previewAll(
  ledger: Ledger,
  party: TransferParty,
  orders: readonly TransferOrder[],
): Promise<readonly MadeTransfer[] | Refusal<TransferRefusal>> {
  const refused = await refusedOrder(ledger, party, orders);
  if (refused) return refused;
  const posted = await Promise.all(orders.map((order) => findBooked(ledger, postingOfTransfer(party, order).id)));
  const known = posted.filter((each) => each !== undefined).length;
  // some were made before without the others: not the same batch
  if (known > 0 && known < orders.length) return batchTaken;
  const made: MadeTransfer[] = [];
  for (const [index, outcome] of (await previewTransfers(ledger, party, orders)).entries()) {
    if (isRefusal(outcome))
      return outcome.refused === 'reference_taken' ? batchTaken : numbered(outcome, index, orders);
    made.push(outcome);
  }
  return made;
}

/** One after the other, so that the outcome doesn't depend on chance; one that is refused stops no other. */
export async function transferEach(
  ledger: Ledger,
  party: TransferParty,
  orders: readonly TransferOrder[],
): Promise<readonly TransferOutcome[]> {
  const outcomes: TransferOutcome[] = [];
  for (const order of orders) outcomes.push(await transferMoney(ledger, party, order));
  return outcomes;
}

/** As the ledger itself tells which of several postings it refuses. */
const numbered = <Code extends string>(
  { refused, detail }: Refusal<Code>,
  index: number,
  { length }: readonly TransferOrder[],
): Refusal<Code> => refuse(refused, length === 1 ? detail : `Number ${index + 1}: ${detail}`);
