/** A movement on a bank account as a statement line: what banks' formats have in common once each is read. */
import { type Currency, currencyDecimals, currencySchema, minorUnitsFromDecimal } from '../../kernel/money.ts';
import type { LineKind } from '../statement-line.ts';
import type { ReadLine, StatementContext } from './statement-format.ts';

/**
 * - `returned`: a payment that could not be delivered, or that was taken back by whoever sent it
 * - `other`: the bank's own corrections, interest, closings of the account
 */
export type MovementNature = 'payment' | 'returned' | 'charge' | 'other';

export interface BankMovement {
  readonly lineNumber: number;
  /** to the account, or from it */
  readonly side: 'credit' | 'debit';
  readonly nature: MovementNature;
  /** decimal text in major units, or minor units where the format implies the decimals */
  readonly amount: string | bigint;
  /** a charge that is part of the amount: decimal text, negative where it was given back */
  readonly includedCharge?: string | undefined;
  readonly currency: string;
  readonly at: Date | undefined;
  readonly ourReference: string;
  readonly channelReference: string;
  readonly remittance: string;
  readonly raw: string;
}

/** What the account's owner sees: money that comes in is a collection, money that goes out a payout, unless the bank says more. */
const kinds = {
  credit: { payment: 'collection', returned: 'payout_return', charge: 'fee', other: 'credit' },
  debit: { payment: 'payout', returned: 'debit', charge: 'fee', other: 'debit' },
} as const satisfies Record<BankMovement['side'], Record<MovementNature, LineKind>>;

/** All that lines of bank statements can be; a refund can't be told from another payout, and so is not expected. */
export const bankKinds: readonly LineKind[] = ['collection', 'payout', 'payout_return', 'fee', 'credit', 'debit'];

const maximumRemittance = 500;
/** In the working file, a line with what JSON adds stays within the 64 KiB that a line may have. */
export const maximumRaw = 8_000;

export interface Placed {
  readonly accounts: AccountNames;
  readonly sums: Readonly<Record<string, bigint>>;
}

/** Movements of other accounts in the same file are ignored by the rule `other_account`, but count in its control sums. */
export function bankLine(movement: BankMovement, { accounts, sums }: Placed, context: StatementContext): ReadLine {
  const { lineNumber, side, nature, at, ourReference, channelReference } = movement;
  if (!isAccountOf(accounts, context.merchantNo)) return { lineNumber, ignored: 'other_account', sums };
  const raw = movement.raw.slice(0, maximumRaw);
  const wrong = (reason: string): ReadLine => ({ lineNumber, reason, raw });
  if (!at) return wrong('has no date that there is');
  const parsed = currencySchema.safeParse(movement.currency);
  if (!parsed.success) return wrong(`currency ${movement.currency} is none that we book`);
  const currency = parsed.data;
  const booked = typeof movement.amount === 'bigint' ? movement.amount : exactMinorUnits(movement.amount, currency);
  if (booked === undefined || booked < 0n) return wrong('the amount is none of its currency');
  const charge = exactMinorUnits(movement.includedCharge ?? '0', currency);
  if (charge === undefined) return wrong('the charge is no amount of its currency');

  const kind = kinds[side][nature];
  const gross = side === 'credit' ? booked + charge : booked - charge;
  if (gross < 0n) return wrong('the charge is more than the amount');
  const isCharge = kind === 'fee';
  return {
    line: {
      lineNumber,
      kind,
      ourReference,
      channelReference,
      amount: isCharge ? 0n : gross,
      fee: isCharge ? (side === 'debit' ? booked : -booked) : charge,
      currency,
      status: 'succeeded',
      at,
      remittance: movement.remittance.replace(/\s+/g, ' ').trim().slice(0, maximumRemittance) || undefined,
      raw,
    },
    merchantNos: [context.merchantNo],
    sums,
  };
}

/** @returns undefined for text with more decimals than the currency has: nothing of it may be lost by rounding. */
export function exactMinorUnits(text: string, currency: Currency): bigint | undefined {
  const surplus = text.split('.')[1]?.slice(currencyDecimals[currency]) ?? '';
  return /[^0]/.test(surplus) ? undefined : minorUnitsFromDecimal(text, currency);
}

/** What one account is called in a statement: with its bank's code and without. */
export type AccountNames = readonly string[];

const comparable = (account: string): string => account.replace(/\s/g, '').toUpperCase();

export const isAccountOf = (accounts: AccountNames, merchantNo: string): boolean =>
  accounts.some((account) => comparable(account) === comparable(merchantNo));

/** Whose statements a file holds: one of them should be of the merchant's account. */
export function accountsSeen(merchantNo: string) {
  let found = false;
  const others = new Set<string>();
  return {
    see(accounts: AccountNames): void {
      found ||= isAccountOf(accounts, merchantNo);
      if (others.size < 3) others.add(accounts[0] ?? '');
    },
    /** A file without a single account is an empty day, and nobody else's. */
    foreign: (): readonly string[] | undefined => (found || others.size === 0 ? undefined : [...others]),
  };
}

/** A reference of ours, where the bank shows one: these words stand for none. */
export const givenReference = (text: string | undefined): string => {
  const trimmed = text?.trim() ?? '';
  return /^(?:NOTPROVIDED|NOT PROVIDED|NONREF|NONE|EREF\+?|KREF\+?)$/i.test(trimmed) ? '' : trimmed;
};

/** Business transaction codes of the German banks (Geschäftsvorfallcodes), which MT940 and camt both carry. */
export const natureOfGermanCode: Readonly<Record<string, MovementNature>> = {
  108: 'returned', // returned business direct debit
  109: 'returned', // returned direct debit
  159: 'returned', // returned transfer
  805: 'other', // closing of the account
  808: 'charge',
  809: 'charge', // commission
  814: 'other', // interest
};

/** No file has more: each adds control sums that are held until its end. */
export const maximumStatements = 10_000;
