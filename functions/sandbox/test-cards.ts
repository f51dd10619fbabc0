/** The test cards and identities: what was bound decides how orders go. The table for readers is in the README. */

/** What happens to an order. */
export interface OrderBehaviour {
  /** what the sandbox's books say in the end; `nothing` never arrives */
  readonly books: 'succeeded' | 'refused' | 'nothing';
  /** the code of a refusal */
  readonly reason?: string;
  readonly retryElsewhere?: boolean;
  /** how long the answer is held back; the center stops waiting after 3 s */
  readonly holdMs: number;
  /** how many queries are answered `processing` before the truth is told */
  readonly processingQueries: number;
  /** answered `processing` until so many seconds have passed; the end is then told by a callback */
  readonly endsAfterSeconds?: number;
  /** a payout comes back from the bank after so many days */
  readonly returnsAfterDays?: number;
}

const atOnce = { holdMs: 0, processingQueries: 0 };
const pastPatience = { holdMs: 4_000, processingQueries: 0 };

export const orderBehaviours = {
  succeed: { books: 'succeeded', ...atOnce },
  refuse_insufficient_balance: { books: 'refused', reason: 'insufficient_balance', ...atOnce },
  refuse_channel_busy: { books: 'refused', reason: 'channel_busy', retryElsewhere: true, ...atOnce },
  time_out_succeeded: { books: 'succeeded', ...pastPatience },
  time_out_refused: { books: 'refused', reason: 'insufficient_balance', ...pastPatience },
  time_out_never_arrived: { books: 'nothing', ...pastPatience },
  answer_late: { books: 'succeeded', holdMs: 2_000, processingQueries: 0 },
  process_three_queries: { books: 'succeeded', holdMs: 0, processingQueries: 3 },
  process_until_statement: { books: 'succeeded', holdMs: 0, processingQueries: 1_000_000 },
  end_late_succeeded: { books: 'succeeded', ...atOnce, endsAfterSeconds: 5 },
  end_late_refused: { books: 'refused', reason: 'account_closed', ...atOnce, endsAfterSeconds: 5 },
  return_payout: { books: 'succeeded', ...atOnce, returnsAfterDays: 2 },
} as const satisfies Record<string, OrderBehaviour>;

export type OrderBehaviourName = keyof typeof orderBehaviours;

// the keys of the table are the names
export const orderBehaviourNames = Object.keys(orderBehaviours) as [OrderBehaviourName, ...OrderBehaviourName[]];

export const orderBehaviour = (name: OrderBehaviourName): OrderBehaviour => orderBehaviours[name];

/** What happens when a card is bound, and to the orders on its agreement. */
export type CardBehaviour =
  | { readonly binding: 'agreed'; readonly orders: OrderBehaviourName }
  /** agreed when the code comes back that was sent to the holder's phone */
  | { readonly binding: 'code_sent'; readonly orders: OrderBehaviourName }
  | { readonly binding: 'refused'; readonly reason: string }
  | { readonly binding: 'time_out' };

const testCards: Readonly<Record<string, CardBehaviour>> = {
  '6200000000000005': { binding: 'agreed', orders: 'succeed' },
  '6200000000000104': { binding: 'agreed', orders: 'refuse_insufficient_balance' },
  '6200000000000112': { binding: 'agreed', orders: 'refuse_channel_busy' },
  '6200000000000203': { binding: 'agreed', orders: 'time_out_succeeded' },
  '6200000000000211': { binding: 'agreed', orders: 'time_out_refused' },
  '6200000000000229': { binding: 'agreed', orders: 'time_out_never_arrived' },
  '6200000000000302': { binding: 'agreed', orders: 'answer_late' },
  '6200000000000310': { binding: 'agreed', orders: 'process_three_queries' },
  '6200000000000328': { binding: 'agreed', orders: 'process_until_statement' },
  '6200000000000336': { binding: 'agreed', orders: 'end_late_succeeded' },
  '6200000000000344': { binding: 'agreed', orders: 'end_late_refused' },
  '6200000000000401': { binding: 'agreed', orders: 'return_payout' },
  '6200000000000500': { binding: 'refused', reason: 'card_details_mismatch' },
  '6200000000000518': { binding: 'time_out' },
  '6200000000000609': { binding: 'code_sent', orders: 'succeed' },
};

/** What was sent to every phone. */
export const rightCode = '123456';

/** How often a code may be wrong before what waits for it is refused. */
export const codeTries = 3;

/** Any other card whose check digit is right works as it should. */
export function cardBehaviour(number: string): CardBehaviour {
  const behaviour = listedBehaviour(number);
  if (behaviour) return behaviour;
  return isLuhnValid(number)
    ? { binding: 'agreed', orders: 'succeed' }
    : { binding: 'refused', reason: 'invalid_card_number' };
}

/** A corporate account (对公账户) with the number of a test card behaves like it; any other works as it should. */
export function corporateAccountBehaviour(number: string): CardBehaviour {
  const behaviour = listedBehaviour(number);
  if (behaviour) return behaviour;
  return /^\d{6,32}$/.test(number)
    ? { binding: 'agreed', orders: 'succeed' }
    : { binding: 'refused', reason: 'invalid_account_number' };
}

const listedBehaviour = (number: string): CardBehaviour | undefined =>
  Object.hasOwn(testCards, number) ? testCards[number] : undefined;

/** `time_out`: verified, and nobody heard it. `never_arrived`: nobody heard, and nothing was verified. */
export type IdentityBehaviour = 'confirmed' | 'mismatch' | 'time_out' | 'never_arrived';

const byLastDigits: Readonly<Record<string, IdentityBehaviour>> = {
  '404': 'mismatch',
  '503': 'time_out',
  '504': 'never_arrived',
};

/** The sequence (digits 15 to 17) of an identity number decides; every other number is confirmed. */
export const identityBehaviour = (idNumber: string): IdentityBehaviour =>
  byLastDigits[idNumber.slice(14, 17)] ?? 'confirmed';

/** The last three characters of a business licence number decide in the same way. */
export const licenceBehaviour = (licenceNo: string): IdentityBehaviour =>
  byLastDigits[licenceNo.slice(-3)] ?? 'confirmed';

/** A mobile number that ends in 404 is not the card holder's. */
export const isOthersMobile = (mobile: string): boolean => mobile.endsWith('404');

/** The check digit of ISO/IEC 7812: from the right, every second digit doubled, the sum a multiple of ten. */
export function isLuhnValid(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false;
  let sum = 0;
  for (let place = 1; place <= number.length; place++) {
    const digit = Number(number.at(-place));
    const doubled = place % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** All that is kept of the number of a card or an account. */
export const maskNumber = (number: string): string => `${number.slice(0, 6)}******${number.slice(-4)}`;
