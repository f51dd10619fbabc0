/** 卡 BIN: which bank issued a card, by what its number begins with. */
import type { CardBin } from './configuration.ts';
import { findEntries } from './configuration-store.ts';
import { cardBinKind, longestPrefix, shortestPrefix } from './kinds/card-bin.ts';
import type { ConfigurationSource } from './read-configuration.ts';

/**
 * The longest known prefix decides. Half a read unit for each of seven prefixes.
 *
 * @param cardNumber digits only
 * @returns undefined for a card whose bank nobody has told us
 */
export async function bankOfCard(
  { table, builtIn }: ConfigurationSource,
  cardNumber: string,
): Promise<Pick<CardBin, 'bank' | 'cardType'> | undefined> {
  const prefixes: string[] = [];
  for (let length = shortestPrefix; length <= Math.min(longestPrefix, cardNumber.length); length++) {
    prefixes.push(cardNumber.slice(0, length));
  }
  const stored = await findEntries(table, 'card-bins', prefixes);
  const known = [...stored, ...builtIn.filter(({ kind, id }) => kind === 'card-bins' && prefixes.includes(id))];
  // a stored one comes first, and goes before a built-in one of the same length
  const [longest] = known.toSorted((a, b) => b.id.length - a.id.length);
  if (!longest) return undefined;
  const { bank, cardType } = cardBinKind.read(longest.id, longest.value);
  return { bank, cardType };
}
