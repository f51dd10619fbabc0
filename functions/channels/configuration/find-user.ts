/** What still names a thing that is to be deleted. */
import { merchantsAt } from '../merchant-store.ts';
import type { Coverage } from './configuration.ts';
import { listEntries } from './configuration-store.ts';
import { cardBinKind } from './kinds/card-bin.ts';
import type { KindName } from './kinds/kind-names.ts';
import { type ConfigurationSource, readConfiguration } from './read-configuration.ts';

/**
 * Banks and channels are named by others, and statement profiles by channels. A merchant number that names a profile is not
 * looked for, since there are too many of them: its next statement is turned away, and says why. The configuration's read units; for a bank those of all card bins as well.
 *
 * @returns such as `switches icbc-upgrade`
 */
export async function findUser(
  source: ConfigurationSource,
  { kind, id }: { readonly kind: KindName; readonly id: string },
): Promise<string | undefined> {
  if (kind === 'statement-profiles') {
    const { channels } = await readConfiguration(source);
    const channel = channels.find(({ statementFormats }) => statementFormats.includes(`profile:${id}`));
    return channel && `channels ${channel.id}`;
  }
  if (kind !== 'banks' && kind !== 'channels') return undefined;
  const part = kind === 'banks' ? 'bank' : 'channel';
  const { switches, limits, routes } = await readConfiguration(source);
  const covering = (entries: readonly (Coverage & { readonly id: string })[]) =>
    entries.find((entry) => entry[part] === id)?.id;

  const byName = { switches: covering(switches), limits: covering(limits) };
  for (const [name, user] of Object.entries(byName)) if (user !== undefined) return `${name} ${user}`;
  const route = routes.find(({ bank, candidates }) =>
    part === 'bank' ? bank === id : candidates.some(({ channel }) => channel === id),
  );
  if (route) return `routes ${route.id}`;
  if (part === 'channel') {
    const { items } = await merchantsAt(source, id, { limit: 1 });
    return items[0] && `merchants ${items[0].merchantNo}`;
  }

  const bins = await listEntries(source.table, 'card-bins', {});
  const bin = bins.find((entry) => cardBinKind.read(entry.id, entry.value).bank === id);
  return bin && `card-bins ${bin.id}`;
}
