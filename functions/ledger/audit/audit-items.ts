/** What one item of the ledger's table says. */
import type { Item } from '../../kernel/table.ts';
import {
  type BusinessDates,
  businessDatesFromItem,
  isBusinessDatesItem,
  itemFromBusinessDates,
} from '../business-date-store.ts';
import type { Close } from '../close/close.ts';
import { closeKeys } from '../close/close-lines.ts';
import {
  closeFromItem,
  isCloseItem,
  isOwnerCloseItem,
  itemFromClose,
  itemFromOwnerClose,
  ownerCloseFromItem,
} from '../close/close-store.ts';
import { type Entry, moveOf, placeOf } from '../entry.ts';
import { entryFromItem, isEntryItem, itemFromEntry } from '../entry-store.ts';
import { type Hold, holdIdOf } from '../holds/hold.ts';
import { holdFromItem, isHoldItem, itemFromHold } from '../holds/hold-store.ts';
import { postingRules } from '../posting.ts';
import { itemFromPosting, postingFromItem, postingSortKey, type StoredPosting } from '../posting-store.ts';
import { isReversalItem, itemFromReversal, reversalFromItem } from '../reversal-store.ts';
import type { Fact } from './audit-facts.ts';
import type { Finding } from './audit-finding.ts';

export type Reading =
  | { readonly entry: Entry; readonly facts: readonly Fact[] }
  | {
      readonly facts: readonly Fact[];
      readonly posting?: true;
      readonly businessDates?: BusinessDates;
      readonly close?: Close;
    };

/** An item that can't be read is found, and is as good as missing for all that refers to it. */
export function readItem(item: Item): Reading {
  try {
    return readWhole(item);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);
    return damage('unreadable_item', `${nameOf(item)}: ${reason}`);
  }
}

const nameOf = ({ pk, sk }: Item): string => `${pk} / ${sk}`;

const damage = (code: string, detail: string, facts: Partial<Finding> = {}): Reading => ({
  facts: [{ fact: 'finding', finding: { code, detail, ...facts } }],
});

function readWhole(item: Item): Reading {
  if (isEntryItem(item)) {
    const entry = entryFromItem(item);
    const place = { ...placeOf(entry), postingId: entry.postingId };
    return { entry, facts: [...factsOfEntry(entry), ...strayOf(item, itemFromEntry(entry), 'altered_entry', place)] };
  }
  if (item['sk'] === postingSortKey) {
    const posting = postingFromItem(item);
    const { postingId } = posting;
    const facts = [
      ...factsOfPosting(posting),
      ...strayOf(item, itemFromPosting(posting), 'altered_posting', { postingId }),
    ];
    return { facts, posting: true };
  }
  if (isReversalItem(item)) {
    const reversal = reversalFromItem(item);
    const { original: postingId } = reversal;
    return {
      facts: [
        { fact: 'reversal', ...reversal },
        ...strayOf(item, itemFromReversal(reversal), 'altered_reversal', { postingId }),
      ],
    };
  }
  if (isHoldItem(item)) {
    const hold = holdFromItem(item);
    return {
      facts: [...factsOfHold(hold), ...strayOf(item, itemFromHold(hold), 'altered_hold', { transactionId: hold.id })],
    };
  }
  if (isCloseItem(item)) {
    const close = closeFromItem(item);
    const { day, run } = close;
    const stray = strayOf(item, itemFromClose(close), 'altered_close', {});
    return { facts: [{ fact: 'close', day, run }, ...named(stray, day)], close };
  }
  if (isOwnerCloseItem(item)) {
    const close = ownerCloseFromItem(item);
    const { owner, day, run, lines, entries } = close;
    // the files' names follow from whose they are: a link to another institution's would be fetched by this one
    const { generalLedger, journal } = close;
    const ownFiles = {
      ...close,
      generalLedger: { ...generalLedger, key: closeKeys.generalLedger(close, owner) },
      journal: { ...journal, key: closeKeys.journal(close, owner) },
    };
    const stray = strayOf(item, itemFromOwnerClose(ownFiles), 'altered_close', {});
    return { facts: [{ fact: 'owner_close', owner, day, run, lines, entries }, ...named(stray, `${day}, ${owner}`)] };
  }
  if (isBusinessDatesItem(item)) {
    const businessDates = businessDatesFromItem(item);
    return { facts: [...strayOf(item, itemFromBusinessDates(businessDates), 'altered_dates', {})], businessDates };
  }
  return damage('unknown_item', `${nameOf(item)} is nothing of the ledger's`);
}

function* factsOfEntry(entry: Entry): Generator<Fact, void> {
  const { accountId, slot, seq, hash, account, terms, change, after, previousHash: _, ...facts } = entry;
  // what opens or changes an account is its chain's alone
  if (postingRules[entry.type].guard === 'entry') return;
  const { institutionId } = account;
  yield {
    fact: 'entry',
    ...facts,
    place: { accountId, slot, seq, hash },
    move: moveOf(entry),
    after,
    slots: terms.slots,
    institutionId,
  };
  if (!isOfHold(entry)) return;
  const { postingId, type, description, transactionId } = entry;
  const holdId = transactionId ?? postingId;
  const { currency } = account;
  yield { fact: 'hold_entry', holdId, postingId, type, description, accountId, currency, frozen: change.frozen };
}

/** Of a capture only what it takes from the hold, not what the payee gets. */
const isOfHold = ({ type, change }: Entry): boolean =>
  type === 'hold' || type === 'hold_release' || (type === 'hold_capture' && change.frozen !== 0n);

function* factsOfPosting({ listing, ...posting }: StoredPosting): Generator<Fact, void> {
  const { reverses: original, postingId, type, transactionId, contentHash } = posting;
  yield {
    fact: 'posting',
    ...posting,
    ...(listing && { listing: { ...listing, ...listing.amount } }),
  };
  if (original !== undefined) yield { fact: 'reversing', original, postingId, type, transactionId, contentHash };
}

function* factsOfHold(hold: Hold): Generator<Fact, void> {
  const { id: holdId, accountId, captured, released, version, reason } = hold;
  const { amount, currency } = hold.amount;
  yield { fact: 'hold', holdId, accountId, currency, amount, captured, released, version, reason };
  const owner =
    hold.placedBy === 'operator'
      ? ({ kind: 'operator', clientId: '' } as const)
      : ({ kind: 'institution', clientId: '', institutionId: hold.institutionId } as const);
  if (holdIdOf(owner, hold.reference) !== holdId) {
    const detail = 'the number of the hold is not the one that its owner and reference give';
    yield { fact: 'finding', finding: { code: 'altered_hold', transactionId: holdId, detail } };
  }
}

function* named(facts: Iterable<Fact>, what: string): Generator<Fact, void> {
  for (const fact of facts) {
    if (fact.fact !== 'finding') yield fact;
    else yield { ...fact, finding: { ...fact.finding, detail: `${what}: ${fact.finding.detail}` } };
  }
}

/** Attributes that are not what is written for such a thing: of an index, or nobody's. */
function* strayOf(item: Item, written: Item, code: string, facts: Partial<Finding>): Generator<Fact, void> {
  const names = new Set([...Object.keys(item), ...Object.keys(written)]);
  const stray = [...names].filter((name) => !same(item[name], written[name])).sort();
  if (stray.length === 0) return;
  const detail = `not as it is written: ${stray.join(', ')}`;
  yield { fact: 'finding', finding: { code, detail, ...facts } };
}

function same(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    // counters are numbers in our values, and bigint as the table gives them
    return typeof left === 'bigint' && typeof right === 'number' ? left === BigInt(right) : false;
  }
  const [ours, theirs] = [Object.entries(left), Object.entries(right).filter(([, value]) => value !== undefined)];
  const others = new Map<string, unknown>(theirs);
  return ours.length === others.size && ours.every(([name, value]) => same(value, others.get(name)));
}
