/**
 * What a stage has before any operator has decided anything: where the sandbox is deployed, its channels, its banks and the
 * bins of its test cards. A stored entry of the same id goes before a built-in one.
 */
import { sandboxChannels } from '../catalogue.ts';
import { channelJson } from './kinds/channel.ts';
import type { KindName } from './kinds/kind-names.ts';

export interface BuiltInEntry {
  readonly kind: KindName;
  readonly id: string;
  /** as the kind's schema has it */
  readonly value: unknown;
}

const bank = (id: string, en: string, zh: string): BuiltInEntry => ({
  kind: 'banks',
  id,
  value: { name: { en, zh } },
});

const bin = (id: string, bank: string, cardType: string): BuiltInEntry => ({
  kind: 'card-bins',
  id,
  value: { bank, cardType },
});

export const sandboxConfiguration: readonly BuiltInEntry[] = [
  ...sandboxChannels.map((channel) => ({ kind: 'channels', id: channel.id, value: channelJson(channel) }) as const),
  bank('SANDBOX', 'Sandbox Bank', '沙箱银行'),
  bank('HARBOUR', 'Harbour Bank', '港湾银行'),
  bank('MEADOW', 'Meadow Bank', '草原银行'),
  bin('620000', 'SANDBOX', 'debit'),
  bin('621000', 'HARBOUR', 'debit'),
  bin('622000', 'MEADOW', 'debit'),
  bin('625000', 'HARBOUR', 'credit'),
  bin('626000', 'MEADOW', 'prepaid'),
];
