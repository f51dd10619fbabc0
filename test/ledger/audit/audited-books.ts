/** Books with something of every kind in them, for whoever tampers with them, and the tampering itself. */
import { DeleteItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { money } from '../../../functions/kernel/money.ts';
import { isRefusal, type Refusal } from '../../../functions/kernel/refusal.ts';
import { fromItem, getItem, type Item, type Key, type Table, toItem } from '../../../functions/kernel/table.ts';
import type { NewAccount } from '../../../functions/ledger/account.ts';
import type { Finding } from '../../../functions/ledger/audit/audit-finding.ts';
import { changeAccount } from '../../../functions/ledger/change-account.ts';
import { hashEntry } from '../../../functions/ledger/entry.ts';
import { entryFromItem } from '../../../functions/ledger/entry-store.ts';
import { captureHold } from '../../../functions/ledger/holds/capture-hold.ts';
import { holdIdOf } from '../../../functions/ledger/holds/hold.ts';
import { placeHold } from '../../../functions/ledger/holds/place-hold.ts';
import { releaseHold } from '../../../functions/ledger/holds/release-hold.ts';
import type { Ledger } from '../../../functions/ledger/ledger.ts';
import { openAccountWrites } from '../../../functions/ledger/open-accounts.ts';
import { post } from '../../../functions/ledger/post.ts';
import { accountId, institutionId, legs, member, payOut, posting, postingId, settlement, topUp } from '../samples.ts';

const caller = { kind: 'institution', clientId: 'shop', institutionId } as const;
export const holdId = holdIdOf(caller, 'deposit');
const operationId = (name: string): string => postingId(name).slice('post_'.length);

async function done<Answer>(answer: Promise<Answer | Refusal>): Promise<void> {
  const outcome = await answer;
  if (isRefusal(outcome)) throw new Error(outcome.detail);
}

/** Needs no engine, unlike the same in `ledger-on.ts`. */
export async function openAll(ledger: Ledger, accounts: readonly NewAccount[]): Promise<void> {
  for (const account of accounts) await ledger.commit(await openAccountWrites(ledger, account));
}

/** Two members with money, a settlement account of several slots, a hold, a reversal in parts, changed terms. */
export async function writeBooks(ledger: Ledger): Promise<void> {
  await openAll(ledger, [settlement('S', 2), member('A'), member('B'), member('Z')]);
  await done(
    post(ledger, posting('p1', legs(['S', 'debit', 990n], ['S', 'debit', 10n, 'fees'], ['A', 'credit', 1000n]))),
  );
  await done(post(ledger, topUp('p2', 'A', 200n, { description: 'second' })));
  await done(
    placeHold(ledger, {
      caller,
      accountId: accountId('A'),
      amount: money(300n, 'CNY'),
      reference: 'deposit',
      reason: 'room',
    }),
  );
  await done(
    captureHold(ledger, {
      caller,
      holdId,
      toAccountId: accountId('B'),
      amount: money(120n, 'CNY'),
      operationId: operationId('captured'),
    }),
  );
  await done(releaseHold(ledger, { caller, holdId, amount: money(30n, 'CNY'), operationId: operationId('released') }));
  await done(post(ledger, posting('p5', legs(['A', 'debit', 50n], ['B', 'credit', 50n]))));
  const back = (name: string, amount: bigint) =>
    payOut(name, 'A', amount, { type: 'reversal', reverses: postingId('p2') });
  await done(post(ledger, back('p6', 150n)));
  await done(post(ledger, back('p7', 50n)));
  const change = { by: 'operator:anna', reason: 'agreed', operationId: operationId('overdraft') };
  await done(changeAccount(ledger, { ...change, accountId: accountId('B'), terms: { floor: -100n } }));
  await done(
    changeAccount(ledger, {
      ...change,
      operationId: operationId('slots'),
      accountId: accountId('S'),
      terms: { slots: 3 },
    }),
  );
  await done(
    changeAccount(ledger, {
      ...change,
      operationId: operationId('closing'),
      accountId: accountId('Z'),
      terms: { status: 'closed' },
    }),
  );
}

/** All items of a small table. */
export async function itemsOf({ client, name }: Table): Promise<Item[]> {
  const page = await client.send(new ScanCommand({ TableName: name, ConsistentRead: true }));
  if (page.LastEvaluatedKey) throw new Error(`${name} has more than a page`);
  return (page.Items ?? []).map(fromItem);
}

export const entryKey = (name: string, seq: number, slot = 0): Key => ({
  pk: `ACCOUNT#${accountId(name)}#${slot}`,
  sk: `ENTRY#${String(seq).padStart(12, '0')}`,
});
export const postingKey = (name: string): Key => ({ pk: `POSTING#${postingId(name)}`, sk: 'POSTING' });
export const keyOf = ({ pk, sk }: Item): Key => ({ pk: String(pk), sk: String(sk) });

/** An entry that its forger has sealed again. */
export const resealed = (item: Item): Item => ({ ...item, hash: hashEntry(entryFromItem(item)) });

export interface Tampering {
  readonly removed?: readonly Key[];
  readonly written?: readonly Item[];
}

/** Changes the table by hand, past all code, while `look` looks; then puts it back as it was. */
export async function whileTampered<Seen>(
  table: Table,
  { removed = [], written = [] }: Tampering,
  look: () => Promise<Seen>,
): Promise<Seen> {
  const { client, name: TableName } = table;
  const keys = [...removed, ...written.map(keyOf)];
  const before = await Promise.all(keys.map((key) => getItem(table, key)));
  const remove = (key: Key) => client.send(new DeleteItemCommand({ TableName, Key: toItem(key) }));
  const put = (item: Item) => client.send(new PutItemCommand({ TableName, Item: toItem(item) }));
  for (const key of removed) await remove(key);
  for (const item of written) await put(item);
  try {
    return await look();
  } finally {
    for (const item of written) await remove(keyOf(item));
    for (const item of before) if (item) await put(item);
  }
}

/** What names a finding to a person: its code and its place. */
export const placeIn = ({ code, accountId: account, slot, seq, postingId: id, transactionId }: Finding) =>
  Object.fromEntries(
    Object.entries({ code, accountId: account, slot, seq, postingId: id, transactionId }).filter(
      ([, value]) => value !== undefined,
    ),
  );
