/** Settlement accounts (结算账户): the mirror of one merchant number that an institution holds at a channel. */
import {
  type ChannelId,
  type Channels,
  findChannel,
  findMerchant,
  type Merchant,
  merchantsOf,
  registerMerchantWrites,
} from '../channels/index.ts';
import type { Clock } from '../kernel/clock.ts';
import { type AccountId, type InstitutionId, idFrom } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import { type Page, type PageRequest, pageOf } from '../kernel/page.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import type { CommitWrites } from '../kernel/write.ts';
import { type Ledger, openSettlementAccountWrites } from '../ledger/index.ts';
import { activeInstitution, type InstitutionRefusal } from './active-institution.ts';
import { findInstitution } from './institution-store.ts';
import type { Parties } from './parties.ts';
import { findRegistration, registrationWrite } from './settlement-registration-store.ts';

export interface Registering extends Parties {
  readonly commit: CommitWrites;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly channels: Channels;
}

export type RegistrationRefusal = InstitutionRefusal | 'unknown_channel' | 'merchant_taken';

/** The same merchant number always has the same account. */
export const settlementAccountId = (channel: ChannelId, merchantNo: string): AccountId =>
  idFrom('acct', 'settlement', channel, merchantNo);

/**
 * One transaction: the merchant number, its ledger accounts, and which operation did it. Laws in this order: the
 * institution may act, the channel exists, nobody holds the merchant number. About 30 write units.
 */
export async function registerSettlementAccount(
  registering: Registering,
  command: {
    readonly institutionId: InstitutionId;
    readonly channel: string;
    readonly merchantNo: string;
    readonly currency: Currency;
    readonly priority: number;
    readonly operationId: string;
  },
): Promise<Merchant | Refusal<RegistrationRefusal>> {
  const { institutionId, merchantNo, currency, priority, operationId } = command;
  const { ledger, channels } = registering;
  const institution = await activeInstitution(registering, institutionId);
  if (isRefusal(institution)) return institution;
  const channel = await findChannel(channels, command.channel);
  if (!channel) {
    const known = (await channels.catalogue()).map(({ id }) => id).join(', ');
    return refuse('unknown_channel', `There is no such channel. There are: ${known || 'none'}.`);
  }

  const accountId = settlementAccountId(channel.id, merchantNo);
  const registeredAt = registering.clock();
  const merchant: Merchant = {
    channel: channel.id,
    merchantNo,
    institutionId,
    accountId,
    currency,
    priority,
    status: 'active',
    registeredAt,
  };
  const result = await registering.commit([
    ...registerMerchantWrites(channels, merchant),
    ...(await openSettlementAccountWrites(ledger, { id: accountId, institutionId, currency, openedAt: registeredAt })),
    registrationWrite(registering, { accountId, operationId }),
  ]);
  if (result.committed) return merchant;
  const registration = await findRegistration(registering, accountId);
  const registered = await findMerchant(channels, channel.id, merchantNo);
  if (registered && registration?.operationId === operationId) return registered;
  return refuse('merchant_taken', `The merchant number ${merchantNo} at ${channel.id} is registered already.`);
}

/** An institution's merchant numbers in the order in which they are tried. Few: read as a whole. */
export async function listSettlementAccounts(
  { table, channels }: Pick<Registering, 'table' | 'channels'>,
  institutionId: InstitutionId,
  { limit, after }: PageRequest,
): Promise<Page<Merchant> | Refusal<'not_found'>> {
  if (!(await findInstitution({ table }, institutionId))) return refuse('not_found', 'There is no such institution.');
  const merchants = await merchantsOf(channels, institutionId);
  const from = after === undefined ? 0 : merchants.findIndex(({ accountId }) => accountId === after) + 1;
  return pageOf(merchants.slice(from), limit, ({ accountId }) => accountId);
}
