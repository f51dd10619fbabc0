/** Takes the facts of a stored verification to its channel, and to the next one where a channel could not look. */
import { adapterOf, type Route, type VerificationFacts, type VerificationResult } from '../../channels/index.ts';
import type { Sealed } from '../personal-data.ts';
import { changeVerification, currentVerification } from './change-verification.ts';
import { concludeVerdict } from './conclude-verdict.ts';
import { type ChannelCall, changedBy, referenceOf, takenTo, type Verification } from './verification.ts';
import type { Verifying } from './verifying.ts';

export interface Asking {
  readonly facts: VerificationFacts;
  /** best first; the verification's own is one of them, or was when it was stored */
  readonly routes: readonly Route[];
  /** of an enterprise, kept until the amount has been told back */
  readonly sealed?: Sealed | undefined;
}

/** The verification as the channels left it: `processing` where the last one that was asked fell silent. */
export async function askChannels(
  verifying: Verifying,
  stored: Verification,
  { facts, routes, sealed }: Asking,
): Promise<Verification> {
  let verification = stored;
  for (;;) {
    const { result, call } = await ask(verifying, verification, facts);
    const at = verifying.clock();
    if (result.outcome === 'unknown') {
      const to = changedBy(verification, { event: 'fall_silent', at, call });
      return orCurrent(
        verifying,
        verification,
        await changeVerification(verifying, { from: verification, to, sealed }),
      );
    }
    const next = result.outcome === 'refused' && result.retryElsewhere ? nextRoute(routes, verification) : undefined;
    if (!next) return concludeVerdict(verifying, verification, { result, call, sealed });
    const fee = verification.fee;
    const patch = { ...takenTo(next, fee), attempt: verification.attempt + 1 };
    const to = changedBy(verification, { event: 'reroute', at, call }, patch);
    const rerouted = await changeVerification(verifying, { from: verification, to, sealed });
    if (rerouted === 'overtaken') return currentVerification(verifying, verification);
    verification = rerouted;
  }
}

const orCurrent = (verifying: Verifying, from: Verification, changed: Verification | 'overtaken') =>
  changed === 'overtaken' ? currentVerification(verifying, from) : changed;

/** One that comes behind the present one and was not asked. */
function nextRoute(routes: readonly Route[], { route, history }: Verification): Route | undefined {
  const asked = new Set([route?.channel, ...history.flatMap(({ channel }) => channel ?? [])]);
  return routes.find(({ channel }) => !asked.has(channel.id));
}

async function ask(
  { channels, clock }: Verifying,
  verification: Verification,
  facts: VerificationFacts,
): Promise<{ readonly result: VerificationResult; readonly call: ChannelCall }> {
  const { channel, reference } = await channelOf({ channels }, verification);
  const begun = clock().getTime();
  const result = await adapterOf(channels, channel).verify({ ...reference, facts });
  return { result, call: callOf('verify', result, clock().getTime() - begun) };
}

/** @throws Error for a channel that is gone from the catalogue. */
export async function channelOf({ channels }: Pick<Verifying, 'channels'>, verification: Verification) {
  const id = verification.route?.channel;
  const channel = (await channels.catalogue()).find((each) => each.id === id);
  if (!channel) throw new Error(`${verification.id} was taken to ${id}, which is no channel any more`);
  return { channel, reference: { channel: channel.id, ...referenceOf(verification) } };
}

export const callOf = (
  operation: ChannelCall['operation'],
  result: VerificationResult,
  durationMs: number,
): ChannelCall => ({
  operation,
  code: result.outcome === 'refused' ? result.reason : result.outcome === 'unknown' ? result.cause : result.outcome,
  durationMs,
});
