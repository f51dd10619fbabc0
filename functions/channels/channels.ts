/** What the context needs to do its work, and how a channel and its adapter are found. */
import type { Clock } from '../kernel/clock.ts';
import type { Table } from '../kernel/table.ts';
import type { AdapterName, Channel } from './catalogue.ts';
import { type AdapterOperation, type ChannelAdapter, offeredBy } from './channel-adapter.ts';
import type { BuiltInEntry } from './configuration/built-in.ts';
import type { Configuration } from './configuration/configuration.ts';
import { configurationReader } from './configuration/read-configuration.ts';
import { type HealthReader, healthReader } from './routing/health-reader.ts';

export interface Channels {
  readonly table: Table;
  /** all that operators have decided about channels, as it was a few seconds ago at most */
  readonly configuration: () => Promise<Configuration>;
  /** the channels of the configuration, as an operator's last change left them a few seconds ago at most */
  readonly catalogue: () => Promise<readonly Channel[]>;
  readonly adapters: Adapters;
  /** what is known of a channel's success lately, as it was a few seconds ago at most; absent: it is read each time */
  readonly health?: HealthReader | undefined;
  /** what this stage has before operators decide anything */
  readonly builtIn: readonly BuiltInEntry[];
}

/** Those that this stage has. */
export type Adapters = Readonly<Partial<Record<AdapterName, ChannelAdapter>>>;

/** The context as a process sees it: what is configured, and how channels do, is read again when it is older than 5 s. */
export function channelsOf(parts: Pick<Channels, 'table' | 'adapters' | 'builtIn'>, clock: Clock): Channels {
  const configuration = configurationReader(parts, clock);
  const health = healthReader({ table: parts.table, clock });
  return { ...parts, configuration, catalogue: async () => (await configuration()).channels, health };
}

export const findChannel = async (
  { catalogue }: Pick<Channels, 'catalogue'>,
  id: string,
): Promise<Channel | undefined> => (await catalogue()).find((channel) => channel.id === id);

/** @throws Error for a channel whose adapter was not wired, which is a mistake of ours. */
export function adapterOf({ adapters }: Pick<Channels, 'adapters'>, channel: Channel): ChannelAdapter {
  const adapter = adapters[channel.adapter];
  if (!adapter) throw new Error(`${channel.id} has no adapter ${channel.adapter}`);
  return adapter;
}

/** What the adapter can do; undefined for one that this stage lacks. */
export function operationsOf(
  { adapters }: Pick<Channels, 'adapters'>,
  name: AdapterName,
): readonly AdapterOperation[] | undefined {
  const adapter = adapters[name];
  return adapter && offeredBy(adapter);
}
