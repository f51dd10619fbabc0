/** Asks each channel of an institution to agree to a card or corporate account, so that payments need no number. */
import {
  adapterOf,
  type BindResult,
  type Card,
  type Channel,
  type ChannelId,
  type Channels,
  type CorporateAccount,
  findChannel,
  merchantsOf,
  needsAgreement,
  products,
} from '../channels/index.ts';
import { type BindingId, bareId, type InstitutionId, idFrom } from '../kernel/ids.ts';
import type { Agreement, Agreements } from './binding.ts';

export interface Signatory {
  readonly channel: Channel;
  readonly merchantNo: string;
}

/** At each channel that moves money on an agreement, the merchant number that is tried first. */
export async function signatoriesOf(channels: Channels, institutionId: InstitutionId): Promise<Signatory[]> {
  const signatories = new Map<string, Signatory>();
  for (const { channel: id, merchantNo, status } of await merchantsOf(channels, institutionId)) {
    if (status !== 'active') continue;
    const channel = await findChannel(channels, id);
    const agrees = products.some((product) => needsAgreement(product) && channel?.products[product] !== undefined);
    if (channel && agrees && !signatories.has(id)) signatories.set(id, { channel, merchantNo });
  }
  return [...signatories.values()];
}

/** What is to be agreed to. */
export type Bound = { readonly card: Card } | { readonly corporateAccount: CorporateAccount };

/** What each channel said. */
export interface Signing {
  readonly agreements: Agreements;
  /** those that sent the holder a code, with the merchant number that it is for */
  readonly codes: Readonly<Record<ChannelId, string>>;
  /** names of those that said nothing */
  readonly silent: readonly string[];
  /** of those that refused */
  readonly reasons: readonly string[];
}

/** The request numbers follow from the binding: whoever asks again gets the agreement that the first one got. */
export const requestNoAt = (id: BindingId, channel: string): string => bareId(idFrom('bind', id, channel));

export async function signAgreements(
  channels: Channels,
  signatories: readonly Signatory[],
  { bindingId, bound }: { readonly bindingId: BindingId; readonly bound: Bound },
): Promise<Signing> {
  const answers = await Promise.all(
    signatories.map(async ({ channel, merchantNo }) => {
      const request = { channel: channel.id, merchantNo, requestNo: requestNoAt(bindingId, channel.id), ...bound };
      const result: BindResult = await adapterOf(channels, channel).bind(request);
      return { channel, merchantNo, result };
    }),
  );
  const agreements = answers.flatMap(({ channel, merchantNo, result }): [string, Agreement][] =>
    result.outcome === 'succeeded' ? [[channel.id, { merchantNo, agreementNo: result.agreementNo }]] : [],
  );
  const codes = answers.flatMap(({ channel, merchantNo, result }): [string, string][] =>
    result.outcome === 'code_sent' ? [[channel.id, merchantNo]] : [],
  );
  return {
    agreements: Object.fromEntries(agreements),
    codes: Object.fromEntries(codes),
    silent: answers.flatMap(({ channel, result }) => (result.outcome === 'unknown' ? [channel.name] : [])),
    reasons: answers.flatMap(({ channel, result }) =>
      result.outcome === 'refused' ? [`${channel.name}: ${result.reason}`] : [],
    ),
  };
}
