/** What callers come up with, by chance: mostly sensible things, on few accounts and small holds, so that they meet. */
import type { Caller } from '../../../functions/kernel/caller.ts';
import type { AccountId } from '../../../functions/kernel/ids.ts';
import { holdIdOf } from '../../../functions/ledger/holds/hold.ts';
import { transferIdOf } from '../../../functions/ledger/transfers/transfer.ts';
import { paymentIdOf } from '../../../functions/payments/index.ts';
import type { Center } from './center.ts';
import { rightCode } from './channel.ts';
import type { Dice } from './dice.ts';
import { type Operation, outcomeOf } from './record.ts';
import type { Asked, Order, Request } from './request.ts';

export type Kind = Asked['kind'];

/** How often each kind of request is made; drawn anew for each run, so that some runs are all about one thing. */
export type Habits = Readonly<Record<Kind, number>>;

/** Who asks for what, at once. */
type Drawn = readonly (readonly [Caller, Asked])[];

type OperationOf<K extends Kind> = Operation & { readonly asked: Extract<Asked, { kind: K }> };

const usual: Habits = {
  top_up: 7,
  confirm_top_up: 3,
  withdrawal: 6,
  refund: 4,
  place_hold: 5,
  capture_hold: 6,
  release_hold: 4,
  transfer: 8,
  transfer_batch: 3,
  reverse_transfer: 4,
  change_account: 3,
};

export const drawHabits = (dice: Dice): Habits =>
  Object.fromEntries(
    Object.entries(usual).map(([kind, weight]) => [kind, dice.chance(0.25) ? 0.01 : weight * dice.random() * 2]),
  ) as Habits; // the same keys

/** Draws the requests of one run, some of which are made at once; later ones are about what earlier ones have made. */
export function requestDrawer(
  { institutionId, holders }: Center,
  {
    dice,
    habits,
    now,
    operations,
  }: {
    readonly dice: Dice;
    readonly habits: Habits;
    readonly now: () => Date;
    /** those so far */
    readonly operations: readonly Operation[];
  },
): () => readonly Request[] {
  const app: Caller = { kind: 'institution', clientId: 'app', institutionId };
  const operator: Caller = { kind: 'operator', clientId: 'ops' };
  const members = holders.flatMap(({ accountId, bindingId }) => (bindingId ? [{ accountId, bindingId }] : []));
  const references = new Map<string, string[]>();
  let count = 0;

  /** Now and then one that was used before: a reference stands for one thing, whatever key it comes with. */
  const reference = (of: string): string => {
    const used = references.get(of) ?? [];
    if (used.length > 0 && dice.chance(0.06)) return dice.pick(used);
    count += 1;
    const fresh = `${of}-${count}`;
    references.set(of, [...used, fresh]);
    return fresh;
  };
  const amount = (): number => (dice.chance(0.05) ? dice.integer(500, 5_000) : dice.integer(1, 300));
  const part = (): { amount?: number } => (dice.chance(0.3) ? {} : { amount: dice.integer(1, 150) });
  const account = (): AccountId => dice.pick(dice.chance(0.5) ? holders.slice(0, 2) : holders).accountId;
  const other = (than: AccountId): AccountId =>
    dice.pick(holders.filter(({ accountId }) => accountId !== than)).accountId;
  const order = (): Order => {
    const fromAccountId = account();
    return { fromAccountId, toAccountId: other(fromAccountId), amount: amount(), reference: reference('T') };
  };

  /** One of the last things of a kind that were asked for; mostly one of which it was heard that it was made. */
  const earlier = <K extends Kind>(kind: K): OperationOf<K> | undefined => {
    const ofKind = operations.filter((each): each is OperationOf<K> => each.asked.kind === kind);
    const made = ofKind.filter((each) => outcomeOf(each).outcome === 'done');
    const choices = (dice.chance(0.85) ? made : ofKind).slice(-5);
    return choices.length > 0 ? dice.pick(choices) : undefined;
  };

  /** Most come to their own hold. */
  const owner = (caller: Caller): Caller =>
    dice.chance(0.95) ? caller : caller.kind === 'institution' ? operator : app;
  const capture = ({ caller, asked: { reference: name, accountId } }: OperationOf<'place_hold'>): Drawn[number] => {
    const toAccountId = dice.chance(0.03) ? accountId : other(accountId);
    return [owner(caller), { kind: 'capture_hold', holdId: holdIdOf(caller, name), toAccountId, ...part() }];
  };
  const release = ({ caller, asked: { reference: name } }: OperationOf<'place_hold'>): Drawn[number] => [
    owner(caller),
    { kind: 'release_hold', holdId: holdIdOf(caller, name), ...part() },
  ];
  const reversal = ({ asked }: OperationOf<'transfer'>): Drawn[number] => {
    const transferId = transferIdOf(institutionId, asked.order.reference);
    return [app, { kind: 'reverse_transfer', transferId, ...part() }];
  };
  const paid = ({ reference: name }: OperationOf<'top_up'>['asked']) => paymentIdOf(institutionId, name);
  /** Often several want something of the same thing at once, and not all can have it. */
  const togetherOn = <Thing>(thing: Thing, one: (thing: Thing) => Drawn[number]): Drawn =>
    Array.from({ length: dice.chance(0.4) ? dice.integer(2, 4) : 1 }, () => one(thing));

  const draw: { readonly [K in Kind]: () => Drawn | undefined } = {
    top_up: () => {
      const product = dice.pickWeighted({ withholding: 5, quick_payment: 3, personal_ebanking: 2 });
      const facts = { product, ...dice.pick(members), amount: amount(), reference: reference('P') };
      return [[app, { kind: 'top_up', ...facts }]];
    },
    confirm_top_up: () => {
      const topUp = earlier('top_up');
      const code = dice.chance(0.8) ? rightCode : '000000';
      return topUp && togetherOn(topUp, ({ asked }) => [app, { kind: 'confirm_top_up', paymentId: paid(asked), code }]);
    },
    refund: () => {
      const topUp = earlier('top_up');
      return (
        topUp &&
        togetherOn(topUp, ({ asked }) => [
          app,
          { kind: 'refund', paymentId: paid(asked), ...part(), reference: reference('P') },
        ])
      );
    },
    withdrawal: () => [
      [app, { kind: 'withdrawal', ...dice.pick(members), amount: amount(), reference: reference('P') }],
    ],
    place_hold: () => {
      const caller = dice.chance(0.8) ? app : operator;
      const drawn = { accountId: account(), amount: amount(), reference: reference(`H-${caller.kind}`) };
      const expiresAt = new Date(
        now().getTime() + dice.pick([200, 2_000, 20_000]) * (0.5 + dice.random()),
      ).toISOString();
      return [[caller, { kind: 'place_hold', ...drawn, ...(dice.chance(0.4) && { expiresAt }) }]];
    },
    capture_hold: () => {
      const hold = earlier('place_hold');
      return hold && togetherOn(hold, (each) => (dice.chance(0.8) ? capture(each) : release(each)));
    },
    release_hold: () => {
      const hold = earlier('place_hold');
      return hold && togetherOn(hold, (each) => (dice.chance(0.8) ? release(each) : capture(each)));
    },
    transfer: () => [[app, { kind: 'transfer', order: order() }]],
    transfer_batch: () => {
      const orders = Array.from({ length: dice.integer(2, 6) }, order);
      const distinct = orders.filter(
        (each, at) => orders.findIndex(({ reference: one }) => one === each.reference) === at,
      );
      const mode = dice.pick(['all_or_nothing', 'item_by_item'] as const);
      return [[app, { kind: 'transfer_batch', mode, orders: distinct }]];
    },
    reverse_transfer: () => {
      const transfer = earlier('transfer');
      return transfer && togetherOn(transfer, reversal);
    },
    change_account: () => {
      const accountId = account();
      if (dice.chance(0.4)) {
        const wanted = dice.chance(0.5) ? { slots: dice.integer(2, 6) } : { overdraft: dice.integer(0, 400) };
        return [[operator, { kind: 'change_account', accountId, wanted }]];
      }
      const status = dice.pick(['active', 'active', 'active', 'active', 'debit_blocked', 'blocked'] as const);
      if (!dice.chance(0.15)) {
        return [[dice.chance(0.5) ? app : operator, { kind: 'change_account', accountId, wanted: { status } }]];
      }
      const toClose = dice.pick(holders.filter(({ funds }) => funds === 0n)).accountId;
      return [[operator, { kind: 'change_account', accountId: toClose, wanted: { status: 'closed' } }]];
    },
  };
  return () => {
    for (;;) {
      const drawn = draw[dice.pickWeighted(habits)]();
      if (!drawn) continue;
      return drawn.map(([caller, asked]) => {
        count += 1;
        return { caller, institutionId, key: `key-${count}`, asked };
      });
    }
  };
}
