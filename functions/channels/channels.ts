/** What the context needs to do its work, and how a channel and its adapter are found. */
import type { Table } from '../kernel/table.ts';
import type { AdapterName, Channel } from './catalogue.ts';
import type { ChannelAdapter } from './channel-adapter.ts';
import type { Configuration } from './configuration/configuration.ts';

export interface Channels {
  readonly table: Table;
  /** all that operators have decided about channels, as it was a few seconds ago at most */
  readonly configuration: () => Promise<Configuration>;
  /** the channels of the configuration, as an operator's last change left them a few seconds ago at most */
  readonly catalogue: () => Promise<readonly Channel[]>;
  readonly adapters: Partial<Record<AdapterName, ChannelAdapter>>;
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
