/** Asks each channel of an institution to agree to a card, so that payments can use any of them without its number. */
import {
  adapterOf,
  type BindResult,
  type Card,
  type Channel,
  type Channels,
  findChannel,
  merchantsOf,
} from '../channels/index.ts';
import { type BindingId, bareId, type InstitutionId, idFrom } from '../kernel/ids.ts';
import type { Agreement, Agreements } from './binding-store.ts';

export interface Signatory {
  readonly channel: Channel;
  readonly merchantNo: string;
}

/** At each channel that moves money on an agreement, the merchant number that is tried first. */
export async function signatoriesOf(channels: Channels, institutionId: InstitutionId): Promise<Signatory[]> {
  const signatories = new Map<string, Signatory>();
  for (const { channel: id, merchantNo } of await merchantsOf(channels, institutionId)) {
    const channel = await findChannel(channels, id);
    const { withholding, quick_payment: quickPayment, payout } = channel?.products ?? {};
    if (channel && (withholding || quickPayment || payout) && !signatories.has(id)) {
      signatories.set(id, { channel, merchantNo });
    }
  }
  return [...signatories.values()];
}

export type Signing =
  | { readonly outcome: 'agreed'; readonly agreements: Agreements }
  | { readonly outcome: 'refused'; readonly reasons: readonly string[] }
  /** nobody agreed, and somebody's word is missing */
  | { readonly outcome: 'unknown'; readonly silent: readonly string[] };

/** The request numbers follow from the binding: whoever asks again gets the agreement that the first one got. */
export async function signAgreements(
  channels: Channels,
  signatories: readonly Signatory[],
  request: { readonly bindingId: BindingId; readonly card: Card },
): Promise<Signing> {
  const answers = await Promise.all(
    signatories.map(
      async ({ channel, merchantNo }): Promise<{ channel: Channel; merchantNo: string; result: BindResult }> => {
        const requestNo = bareId(idFrom('bind', request.bindingId, channel.id));
        const bindRequest = { channel: channel.id, merchantNo, requestNo, card: request.card };
        return { channel, merchantNo, result: await adapterOf(channels, channel).bind(bindRequest) };
      },
    ),
  );
  const agreements = answers.flatMap(({ channel, merchantNo, result }): [string, Agreement][] =>
    result.outcome === 'succeeded' ? [[channel.id, { merchantNo, agreementNo: result.agreementNo }]] : [],
  );
  if (agreements.length > 0) return { outcome: 'agreed', agreements: Object.fromEntries(agreements) };
  const silent = answers.flatMap(({ channel, result }) =>
    result.outcome === 'unknown' || result.outcome === 'code_sent' ? [channel.name] : [],
  );
  if (silent.length > 0) return { outcome: 'unknown', silent };
  const reasons = answers.flatMap(({ channel, result }) =>
    result.outcome === 'refused' ? [`${channel.name}: ${result.reason}`] : [],
  );
  return { outcome: 'refused', reasons };
}
