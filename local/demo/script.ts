/** The script of the demo: who takes part, what they do on the day, and how each thing must end. */
import { cardNumber, type Dice, idNumber, seededDice } from './dice.ts';

export interface ScriptedInstitution {
  readonly name: string;
  /** in the order in which routing tries them */
  readonly channels: readonly string[];
  readonly members: readonly ScriptedMember[];
}

export interface ScriptedMember {
  readonly externalUserId: string;
  readonly card: Card;
  readonly topUp: Order;
  /** once the top-up has ended; absent for most */
  readonly withdrawal?: Order & { readonly card: Card };
}

export interface Card {
  readonly number: string;
  readonly holderName: string;
  readonly idNumber: string;
  readonly mobile: string;
}

export interface Order {
  /** minor units */
  readonly amount: number;
  readonly ends: Ending;
  /** how the API answers at first, where that is not the end */
  readonly answer: 'final' | 'unknown' | 'insufficient funds';
}

/** `processing`: the channel keeps silent until its statement comes. */
export type Ending = 'succeeded' | 'failed' | 'processing' | 'not accepted';

/** The sandbox's test cards; its README has the table. */
const testCards = {
  noMoney: { number: '6200000000000104', ends: 'failed', answer: 'final' },
  timeOutSucceeded: { number: '6200000000000203', ends: 'succeeded', answer: 'unknown' },
  timeOutRefused: { number: '6200000000000211', ends: 'failed', answer: 'unknown' },
  timeOutNeverArrived: { number: '6200000000000229', ends: 'failed', answer: 'unknown' },
  silentUntilStatement: { number: '6200000000000328', ends: 'processing', answer: 'unknown' },
} as const;

type TestCard = keyof typeof testCards;

interface Cast {
  readonly name: string;
  readonly channels: readonly string[];
  readonly prefix: string;
  readonly members: number;
  /** how many of the top-ups go to which test card */
  readonly topUps: Partial<Record<TestCard, number>>;
  readonly withdrawals: Partial<Record<TestCard, number>> & { readonly plain: number; readonly beyondBalance: number };
}

const casts: readonly Cast[] = [
  {
    name: 'Harbour Retail 海港零售',
    channels: ['sandbox-wallet', 'sandbox-bank'],
    prefix: 'retail',
    members: 130,
    topUps: { noMoney: 5, timeOutSucceeded: 3, timeOutRefused: 1, timeOutNeverArrived: 1, silentUntilStatement: 1 },
    withdrawals: { plain: 36, timeOutSucceeded: 1, noMoney: 2, beyondBalance: 2 },
  },
  {
    name: 'Harbour Travel 海港旅行',
    channels: ['sandbox-bank'],
    prefix: 'travel',
    members: 80,
    topUps: { noMoney: 3, timeOutSucceeded: 2, timeOutRefused: 1 },
    withdrawals: { plain: 20, timeOutSucceeded: 1, beyondBalance: 1 },
  },
];

export function writeScript(seed: number): readonly ScriptedInstitution[] {
  const dice = seededDice(seed);
  return casts.map(({ name, channels, ...cast }) => ({ name, channels, members: membersOf(cast, dice) }));
}

function membersOf(cast: Omit<Cast, 'name' | 'channels'>, dice: Dice): ScriptedMember[] {
  const { plain, beyondBalance, ...withdrawalCards } = cast.withdrawals;
  const special = repeated(cast.topUps);
  const payouts: readonly (TestCard | 'plain' | 'beyondBalance')[] = [
    ...repeated(withdrawalCards),
    ...Array.from({ length: plain }, () => 'plain' as const),
    ...Array.from({ length: beyondBalance }, () => 'beyondBalance' as const),
  ];
  return Array.from({ length: cast.members }, (_, index): ScriptedMember => {
    const person = newCard(dice);
    const testCard = special[index];
    const card = testCard ? { ...person, number: testCards[testCard].number } : person;
    const topUp = { ...endingOf(testCard), amount: dice.between(2_000, 90_000) };
    // members without a test card come after those with one, and only they take money out
    const payout = payouts[index - special.length];
    const externalUserId = `${cast.prefix}-${String(index + 1).padStart(3, '0')}`;
    return { externalUserId, card, topUp, ...(payout && { withdrawal: withdrawalOf(payout, { card, topUp }) }) };
  });
}

function withdrawalOf(
  payout: TestCard | 'plain' | 'beyondBalance',
  { card, topUp }: Pick<ScriptedMember, 'card' | 'topUp'>,
): NonNullable<ScriptedMember['withdrawal']> {
  const amount = Math.ceil(topUp.amount * 0.4);
  if (payout === 'plain') return { card, amount, ...endingOf(undefined) };
  if (payout === 'beyondBalance') {
    return { card, amount: topUp.amount + 1, ends: 'not accepted', answer: 'insufficient funds' };
  }
  return { card: { ...card, number: testCards[payout].number }, amount, ...endingOf(payout) };
}

const endingOf = (testCard: TestCard | undefined): Pick<Order, 'ends' | 'answer'> =>
  testCard
    ? { ends: testCards[testCard].ends, answer: testCards[testCard].answer }
    : { ends: 'succeeded', answer: 'final' };

const newCard = (dice: Dice): Card => ({
  number: cardNumber(dice),
  holderName: `${pick('王李张刘陈杨赵黄周吴', dice)}${pick('伟芳娜敏静秀强磊洋艳', dice)}${pick('华明玉兰军平燕杰霞波', dice)}`,
  idNumber: idNumber(dice),
  mobile: `138${String(dice.between(0, 99_999_999)).padStart(8, '0')}`,
});

const pick = (characters: string, dice: Dice): string => characters.charAt(dice.between(0, characters.length - 1));

/** `{ a: 2, b: 1 }` becomes a, a, b. */
const repeated = (counts: Partial<Record<TestCard, number>>): TestCard[] =>
  (Object.entries(counts) as [TestCard, number][]).flatMap(([card, count]) =>
    Array.from({ length: count }, () => card),
  );
