import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AccountingDate } from '../../../functions/kernel/clock.ts';
import { idFrom } from '../../../functions/kernel/ids.ts';
import type { AwaitedArrival } from '../../../functions/reconciliation/arrivals/arrival-claims.ts';
import { claimArrivals } from '../../../functions/reconciliation/arrivals/claim-arrivals.ts';
import type { StagedLine } from '../../../functions/reconciliation/shard-rows.ts';

const day = '2026-03-03' as AccountingDate; // a real day

const credit = (facts: Partial<StagedLine> = {}): StagedLine => ({
  lineNumber: 2,
  kind: 'credit',
  ourReference: '',
  channelReference: '',
  amount: 1_000n,
  fee: 0n,
  currency: 'EUR',
  status: 'succeeded',
  at: new Date('2026-03-03T00:00:00Z'),
  remittance: 'ADYEN N.V. TX 7777',
  ...facts,
});

interface Facts extends Partial<Omit<AwaitedArrival, 'rule' | 'id'>> {
  readonly name?: string;
  readonly rule?: Partial<AwaitedArrival['rule']>;
}

const awaited = ({ name = 'one', rule, ...facts }: Facts = {}): AwaitedArrival => ({
  id: idFrom('arr', name),
  currency: 'EUR',
  references: [`BATCH-${name}-000001`],
  left: 1_000n,
  from: '2026-03-01' as AccountingDate, // real days
  until: '2026-03-13' as AccountingDate,
  ...facts,
  rule: { bank: { channel: 'bank', merchantNo: '1' }, tolerance: 0n, ...rule },
});

const names = (...arrivals: readonly AwaitedArrival[]) => new Map(arrivals.map(({ id }, place) => [id, place]));

function claimed(lines: readonly StagedLine[], arrivals: readonly AwaitedArrival[]) {
  const { shares, unclear } = claimArrivals(lines, arrivals, day);
  const placeOf = names(...arrivals);
  return {
    shares: shares.map(({ lineNumber, arrivalId, amount }) => [lineNumber, placeOf.get(arrivalId), Number(amount)]),
    unclear: unclear.map(({ lineNumber, reason }) => [lineNumber, reason]),
  };
}

describe('by reference', () => {
  test('a credit belongs to the settlement that its text names, however the bank breaks it', () => {
    const others = awaited({ name: 'two' });
    const line = credit({ remittance: '/RFB/batch-t wo\n-0000 01//EUR', amount: 400n });
    expect(claimed([line], [awaited(), others])).toEqual({ shares: [[2, 1, 400]], unclear: [] });
  });

  test('the last characters do, where the rule says so', () => {
    const arrival = awaited({ references: ['po_1AbCdEfGhIjK'], rule: { referenceCharacters: 8 } });
    expect(claimed([credit({ remittance: 'STRIPE efghijk', amount: 5n })], [arrival]).shares).toEqual([]);
    expect(claimed([credit({ remittance: 'STRIPE defghijk', amount: 5n })], [arrival]).shares).toEqual([[2, 0, 5]]);
  });

  test('one settlement comes in several credits, and several settlements in one that names them', () => {
    const [one, two, three] = [awaited(), awaited({ name: 'two', left: 500n }), awaited({ name: 'three', left: 70n })];
    const lines = [
      credit({ lineNumber: 2, remittance: 'BATCH-one-000001', amount: 600n }),
      credit({ lineNumber: 3, remittance: 'BATCH-one-000001', amount: 400n }),
      credit({ lineNumber: 4, remittance: 'BATCH-two-000001 BATCH-three-000001', amount: 570n }),
    ];
    const { shares, unclear } = claimed(lines, [one, two, three]);
    expect(shares.toSorted()).toEqual([
      [2, 0, 600],
      [3, 0, 400],
      [4, 1, 500],
      [4, 2, 70],
    ]);
    expect(unclear).toEqual([]);
  });

  test('a credit of more than was settled is left and named', () => {
    const line = credit({ remittance: 'BATCH-one-000001', amount: 1_001n });
    expect(claimed([line], [awaited()])).toEqual({ shares: [], unclear: [[2, 'amount_of_reference']] });
  });
});

describe('by amount', () => {
  test('a credit of exactly what is awaited is claimed within its days and from whom the rule names', () => {
    const arrival = awaited({ rule: { payer: 'Adyen N.V.' } });
    expect(claimed([credit()], [arrival]).shares).toEqual([[2, 0, 1_000]]);
    expect(claimed([credit({ remittance: 'A CUSTOMER' })], [arrival]).shares).toEqual([]);
    expect(claimed([credit({ currency: 'USD' })], [arrival]).shares).toEqual([]);
    expect(claimed([credit()], [{ ...arrival, until: '2026-03-02' as AccountingDate }]).shares).toEqual([]);
    expect(claimed([credit({ kind: 'debit' })], [arrival]).shares).toEqual([]);
  });

  test('what the bank kept is forgiven up to the tolerance, but an exact one goes before', () => {
    const arrival = awaited({ rule: { tolerance: 30n } });
    expect(claimed([credit({ amount: 970n })], [arrival]).shares).toEqual([[2, 0, 970]]);
    expect(claimed([credit({ amount: 969n })], [arrival]).shares).toEqual([]);
    const both = [credit({ lineNumber: 2, amount: 990n }), credit({ lineNumber: 3 })];
    expect(claimed(both, [arrival]).shares).toEqual([[3, 0, 1_000]]);
  });

  test('two that fit one are left and named, and as many as there are arrivals alike are taken', () => {
    const two = [credit({ lineNumber: 2 }), credit({ lineNumber: 3 })];
    expect(claimed(two, [awaited()])).toEqual({
      shares: [],
      unclear: [
        [2, 'ambiguous'],
        [3, 'ambiguous'],
      ],
    });
    expect(claimed(two, [awaited(), awaited({ name: 'two' })]).shares).toHaveLength(2);
  });
});

describe('by sum', () => {
  const arrivals = [310n, 420n, 777n].map((left, place) => awaited({ name: `sum ${place}`, left }));

  test('one credit for several arrivals, and several credits for one', () => {
    expect(
      claimed([credit({ amount: 730n })], arrivals)
        .shares.map(([, place]) => place)
        .sort(),
    ).toEqual([0, 1]);
    const parts = [credit({ lineNumber: 2, amount: 700n }), credit({ lineNumber: 3, amount: 77n })];
    expect(claimed(parts, arrivals).shares).toEqual([
      [2, 2, 700],
      [3, 2, 77],
    ]);
  });

  test('a sum that can be made in two ways is left and named', () => {
    const more = [...arrivals, awaited({ name: 'sum 3', left: 310n })];
    expect(claimed([credit({ amount: 730n })], more)).toEqual({ shares: [], unclear: [[2, 'ambiguous']] });
  });

  test('what a credit names is among what it stands for', () => {
    const line = credit({ amount: 730n, remittance: `BATCH-sum 2-000001` });
    expect(claimed([line], arrivals)).toEqual({ shares: [[2, 2, 730]], unclear: [] });
    const larger = credit({ amount: 1_087n, remittance: `BATCH-sum 2-000001` });
    expect(
      claimed([larger], arrivals)
        .shares.map(([, place]) => place)
        .sort(),
    ).toEqual([0, 2]);
  });
});

const anyCredits = fc.array(
  fc.record({
    amount: fc.bigInt({ min: 1n, max: 60n }),
    names: fc.option(fc.integer({ min: 0, max: 7 }), { nil: undefined }),
  }),
  { maxLength: 9 },
);
const anyArrivals = fc.array(
  fc.record({ left: fc.bigInt({ min: 1n, max: 90n }), tolerance: fc.bigInt({ min: 0n, max: 3n }) }),
  { maxLength: 8 },
);

test('no credit is claimed twice and no arrival filled beyond what is left, whatever comes in whatever order', () => {
  fc.assert(
    fc.property(anyCredits, anyArrivals, fc.infiniteStream(fc.nat()), (credits, some, numbers) => {
      const arrivals = some.map(({ left, tolerance }, place) =>
        awaited({ name: `any-${place}`, left, rule: { tolerance } }),
      );
      const lines = credits.map(({ amount, names: named }, place) =>
        credit({ lineNumber: place + 2, amount, remittance: named === undefined ? '' : `BATCH-any-${named}-000001` }),
      );
      const { shares, unclear } = claimArrivals(lines, arrivals, day);
      for (const line of lines) {
        const own = shares.filter(({ lineNumber }) => lineNumber === line.lineNumber);
        const sum = own.reduce((total, { amount }) => total + amount, 0n);
        expect([0n, line.amount]).toContain(sum);
        if (sum > 0n) expect(unclear.some(({ lineNumber }) => lineNumber === line.lineNumber)).toBe(false);
      }
      for (const { id, left } of arrivals) {
        const sum = shares
          .filter(({ arrivalId }) => arrivalId === id)
          .reduce((total, { amount }) => total + amount, 0n);
        expect(sum <= left).toBe(true);
      }
      const shuffled = <Row>(rows: readonly Row[]) =>
        rows
          .map((row) => ({ row, at: numbers.next().value }))
          .sort((left, right) => left.at - right.at)
          .map(({ row }) => row);
      const again = claimArrivals(shuffled(lines), shuffled(arrivals), day);
      const sorted = (rows: readonly object[]) =>
        rows.map((row) => Object.values(row).join(' ')).sort((left, right) => (left < right ? -1 : 1));
      expect(sorted(again.shares)).toEqual(sorted(shares));
      expect(sorted(again.unclear)).toEqual(sorted(unclear));
    }),
    { numRuns: 300 },
  );
});
