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
  return_payout: { books: 'succeeded', ...atOnce, returnsAfterDays: 2 },
} as const satisfies Record<string, OrderBehaviour>;

export type OrderBehaviourName = keyof typeof orderBehaviours;

// the keys of the table are the names
export const orderBehaviourNames = Object.keys(orderBehaviours) as [OrderBehaviourName, ...OrderBehaviourName[]];

export const orderBehaviour = (name: OrderBehaviourName): OrderBehaviour => orderBehaviours[name];

/** What happens when a card is bound, and to the orders on its agreement. */
export type CardBehaviour =
  | { readonly binding: 'agreed'; readonly orders: OrderBehaviourName }
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
  '6200000000000401': { binding: 'agreed', orders: 'return_payout' },
  '6200000000000500': { binding: 'refused', reason: 'card_details_mismatch' },
  '6200000000000518': { binding: 'time_out' },
};

/** Any other card whose check digit is right works as it should. */
export function cardBehaviour(number: string): CardBehaviour {
  const listed = Object.hasOwn(testCards, number) ? testCards[number] : undefined;
  if (listed) return listed;
  return isLuhnValid(number)
    ? { binding: 'agreed', orders: 'succeed' }
    : { binding: 'refused', reason: 'invalid_card_number' };
}

export type IdentityBehaviour = 'confirmed' | 'mismatch' | 'time_out';

/** The sequence (digits 15 to 17) of an identity number decides; every other number is confirmed. */
export function identityBehaviour(idNumber: string): IdentityBehaviour {
  const sequence = idNumber.slice(14, 17);
  if (sequence === '404') return 'mismatch';
  return sequence === '503' ? 'time_out' : 'confirmed';
}

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

/** All that is kept of a card number. */
export const maskCard = (number: string): string => `${number.slice(0, 6)}******${number.slice(-4)}`;
