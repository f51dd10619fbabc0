/** What the channels' answers make of a binding. */
import { type Binding, bindingAfter, type CodeSteps, codeMinutes, minutesAfter } from './binding.ts';
import type { Signing } from './sign-agreements.ts';

const isEmpty = (record: object): boolean => Object.keys(record).length === 0;

/**
 * One agreement makes it active, and codes that are awaited besides may win more channels. Codes alone leave it pending
 * until the last of them is over. Where nobody agreed and somebody said nothing it stays as it was; where all refused it
 * ends. A step that is open already keeps its tries and its end, however often its channel is asked.
 *
 * @returns undefined where nothing changes
 */
export function bindingSigned(binding: Binding, signing: Signing, now: Date): Binding | undefined {
  const codes = codesAfter(binding.codes, signing, now);
  if (!isEmpty(signing.agreements)) {
    return bindingAfter(binding, 'agree', { agreements: { ...binding.agreements, ...signing.agreements }, codes });
  }
  if (!isEmpty(signing.codes)) return bindingAfter(binding, 'send_code', { codes, ...pendingUntil(binding, codes) });
  const waits = signing.silent.length > 0 || !isEmpty(codes);
  return binding.status === 'pending' && !waits ? bindingAfter(binding, 'refuse') : undefined;
}

/** A pending card is given up when none of its codes can be told back any more. */
export function pendingUntil({ status, expiresAt }: Binding, codes: CodeSteps): Pick<Binding, 'expiresAt'> {
  if (status !== 'pending' || expiresAt === undefined) return {};
  const last = Object.values(codes)
    .map((step) => step.expiresAt)
    .sort()
    .at(-1);
  return { expiresAt: last ?? expiresAt };
}

function codesAfter(codes: CodeSteps, signing: Signing, now: Date): CodeSteps {
  const open = Object.entries(codes).filter(
    ([channel, { expiresAt }]) => !Object.hasOwn(signing.agreements, channel) && expiresAt > now.toISOString(),
  );
  const sent = Object.entries(signing.codes).map(([channel, merchantNo]) => [
    channel,
    { merchantNo, expiresAt: minutesAfter(now, codeMinutes), tries: 0 },
  ]);
  return Object.fromEntries([...sent, ...open]); // the open ones last: they stay as they are
}
