/** The configuration as a whole, for those who decide by it. */
import type { Clock } from '../../kernel/clock.ts';
import type { Table } from '../../kernel/table.ts';
import type { BuiltInEntry } from './built-in.ts';
import type { Configuration } from './configuration.ts';
import { readEntries } from './configuration-store.ts';
import { bankKind } from './kinds/bank.ts';
import { bankSwitchKind } from './kinds/bank-switch.ts';
import { channelKind } from './kinds/channel.ts';
import { chargedFeeKind } from './kinds/charged-fee.ts';
import type { KindName } from './kinds/kind-names.ts';
import { limitKind } from './kinds/limit.ts';
import { routeRuleKind } from './kinds/route-rule.ts';

export interface ConfigurationSource {
  readonly table: Table;
  readonly builtIn: readonly BuiltInEntry[];
}

/** As it is at this moment. One Query: 1 read unit per 4 KiB, about ten entries. */
export async function readConfiguration({ table, builtIn }: ConfigurationSource): Promise<Configuration> {
  const stored = await readEntries(table);
  const overlaid = new Set(stored.map(({ kind, id }) => `${kind}#${id}`));
  const entries: readonly BuiltInEntry[] = [
    ...builtIn.filter(({ kind, id }) => !overlaid.has(`${kind}#${id}`)),
    ...stored,
  ];
  const each = <Entity>(name: KindName, { read }: { readonly read: (id: string, value: unknown) => Entity }) =>
    entries.filter(({ kind }) => kind === name).map(({ id, value }) => read(id, value));
  return {
    channels: each('channels', channelKind),
    banks: each('banks', bankKind),
    switches: each('switches', bankSwitchKind),
    limits: each('limits', limitKind),
    routes: each('routes', routeRuleKind),
    fees: each('fees', chargedFeeKind),
  };
}

/** How long a process goes by what it has read: a change works everywhere after that. */
export const configurationLeaseMs = 5_000;

/** Reads the configuration at the first use, and again when what is held is older than 5 s. A read that failed is not kept. */
export function configurationReader(source: ConfigurationSource, clock: Clock): () => Promise<Configuration> {
  let held: { readonly at: number; readonly configuration: Promise<Configuration> } | undefined;
  return () => {
    const now = clock().getTime();
    if (held && now - held.at < configurationLeaseMs) return held.configuration;
    const reading = { at: now, configuration: readConfiguration(source) };
    held = reading;
    reading.configuration.catch(() => {
      if (held === reading) held = undefined;
    });
    return reading.configuration;
  };
}
