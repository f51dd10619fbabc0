/** Closed days: what the close keeps of an owner's day is what its entries of that day move, and what those before it left. */
import type { AccountingDate } from '../../kernel/clock.ts';
import type { Currency } from '../../kernel/money.ts';
import { balanceKinds, noBalances, onNormalSides, sameBalances, subjectOf } from '../account.ts';
import { ownerOf } from '../business-day.ts';
import type { Subject } from '../chart-of-accounts.ts';
import type { Entry } from '../entry.ts';
import type { FactOf } from './audit-facts.ts';
import type { Finding } from './audit-finding.ts';

type DayFact = FactOf<'day'>;

/** Adds entries up by owner, day and subject, until they are taken. */
export class DaySums {
  private sums = new Map<string, DayFact>();

  get size(): number {
    return this.sums.size;
  }

  add({ account, accountingDate: day, change }: Entry): void {
    if (sameBalances(change, noBalances)) return;
    const owner = ownerOf(account.institutionId);
    const debits = onNormalSides(account, change);
    for (const kind of balanceKinds) {
      if (kind !== 'available' && change[kind] === 0n) continue;
      const subject = subjectOf(account, kind);
      const name = `${owner} ${day} ${subject} ${account.currency}`;
      const { debit = 0n, credit = 0n, entries = 0 } = this.sums.get(name) ?? {};
      const moved = debits[kind];
      this.sums.set(name, {
        fact: 'day',
        owner,
        day,
        subject,
        currency: account.currency,
        debit: moved > 0n ? debit + moved : debit,
        credit: moved < 0n ? credit - moved : credit,
        entries: kind === 'available' ? entries + 1 : entries,
      });
    }
  }

  /** They are nobody's but the caller's from here on. */
  taken(): readonly DayFact[] {
    const taken = [...this.sums.values()];
    this.sums = new Map();
    return taken;
  }
}

/** All that is said of one owner's days. */
export interface OwnerGroup {
  readonly owner: string;
  readonly days: DayFact[];
  readonly closes: FactOf<'owner_close'>[];
}

export const emptyOwner = (owner: string): OwnerGroup => ({ owner, days: [], closes: [] });

interface Line {
  readonly subject: Subject;
  readonly currency: Currency;
  opening: bigint;
  debit: bigint;
  credit: bigint;
}

/** @param closed the run that closed each day */
export function* checkOwner(
  { owner, days, closes }: OwnerGroup,
  closed: ReadonlyMap<AccountingDate, string>,
): Generator<Finding, void> {
  const kept = new Map(closes.map((close) => [`${close.day} ${close.run}`, close]));
  const lines = new Map<string, Line>();
  const sorted = days.toSorted((left, right) => (left.day < right.day ? -1 : 1));
  let next = 0;
  for (const [day, run] of [...closed].sort(([left], [right]) => (left < right ? -1 : 1))) {
    for (const line of lines.values()) open(line);
    let entries = 0;
    for (let sum = sorted[next]; sum && sum.day <= day; next += 1, sum = sorted[next]) {
      const line = lineOf(lines, sum);
      line.debit += sum.debit;
      line.credit += sum.credit;
      if (sum.day < day) open(line);
      else entries += sum.entries;
    }
    const close = kept.get(`${day} ${run}`);
    const standing = [...lines.values()].filter(holdsOrMoves);
    const differs = (detail: string): Finding => ({ code: 'close_differs', detail: `${day}, ${owner}: ${detail}` });
    if (!close) {
      if (standing.length > 0) yield differs('the close of the day keeps nothing of this owner');
      continue;
    }
    if (close.entries !== entries) yield differs(`the day has ${entries} entries, its close ${close.entries}`);
    const said = new Map(close.lines.map((line) => [nameOf(line), line]));
    for (const name of new Set([...standing.map(nameOf), ...said.keys()])) {
      const [ours, theirs] = [textOf(lines.get(name)), textOf(said.get(name))];
      if (ours !== theirs) yield differs(`${name}: the entries give ${ours}, the close says ${theirs}`);
    }
  }
}

/** What a day has left is what the next one begins with. */
function open(line: Line): void {
  line.opening += line.debit - line.credit;
  line.debit = 0n;
  line.credit = 0n;
}

function lineOf(lines: Map<string, Line>, { subject, currency }: DayFact): Line {
  const name = nameOf({ subject, currency });
  const line = lines.get(name) ?? { subject, currency, opening: 0n, debit: 0n, credit: 0n };
  lines.set(name, line);
  return line;
}

const nameOf = ({ subject, currency }: Pick<Line, 'subject' | 'currency'>): string => `${subject} ${currency}`;

const holdsOrMoves = ({ opening, debit, credit }: Line): boolean => opening !== 0n || debit !== 0n || credit !== 0n;

const textOf = (
  { opening, debit, credit }: Omit<Line, 'subject' | 'currency'> = { opening: 0n, debit: 0n, credit: 0n },
) => `opening ${opening}, debit ${debit}, credit ${credit}`;
