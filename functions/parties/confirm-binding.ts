/** The holder tells back the code that a channel has sent. */
import { adapterOf, type BindResult, findChannel } from '../channels/index.ts';
import type { BindingId, InstitutionId } from '../kernel/ids.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import type { Signing } from './bind-card.ts';
import { type Binding, bindingAfter, type CodeStep, codeTries, isExpired, openCodes } from './binding.ts';
import { findBinding } from './binding-store.ts';
import { changeBinding, currentBinding } from './change-binding.ts';
import { expireBinding } from './expire-binding.ts';
import { pendingUntil } from './settle-signing.ts';
import { requestNoAt } from './sign-agreements.ts';

export type ConfirmRefusal =
  | 'not_found'
  | 'nothing_to_confirm'
  | 'code_expired'
  | 'channel_required'
  | 'wrong_code'
  | 'card_refused'
  | 'channel_unavailable'
  | 'changed_meanwhile';

export interface ConfirmCommand {
  readonly institutionId: InstitutionId;
  readonly id: BindingId;
  readonly code: string;
  /** whose code it is, where several channels wait for one */
  readonly channel?: string | undefined;
  readonly operationId: string;
}

/**
 * Laws, in this order: the binding is the institution's own; a code is awaited, by the channel that is named or by one
 * only; its time is not over. A try is used before the channel is asked, so that no race and no crash wins another one;
 * after {@link codeTries} of them the step ends, and with the last step a binding that nobody agreed to.
 */
export async function confirmBinding(
  signing: Signing,
  command: ConfirmCommand,
): Promise<Binding | Refusal<ConfirmRefusal>> {
  const binding = await findBinding(signing, command.id);
  if (binding?.institutionId !== command.institutionId) return refuse('not_found', 'There is no such card binding.');
  if (binding.confirmedBy === command.operationId) return binding;
  const channel = await awaitingChannel(signing, binding, command);
  if (typeof channel !== 'string') return channel;
  const step = stepOf(binding, channel);
  // the process of the last try died before it could end the step
  if (step.tries >= codeTries) return endStep(signing, binding, channel, 'too_many_tries');
  const tried = await changeBinding(
    signing,
    binding,
    bindingAfter(binding, 'use_try', withStep(binding, channel, { ...step, tries: step.tries + 1 })),
  );
  if (tried === 'overtaken') {
    return refuse(
      'changed_meanwhile',
      'Another code was told back at the same moment; look at the binding and try again.',
    );
  }
  const result = await askChannel(signing, tried, channel, command.code);
  return settle(signing, { binding: tried, channel, result, command });
}

/** The one channel whose open step the code is for. */
async function awaitingChannel(
  signing: Signing,
  binding: Binding,
  { channel }: ConfirmCommand,
): Promise<string | Refusal<'nothing_to_confirm' | 'code_expired' | 'channel_required'>> {
  const now = signing.clock();
  const open = openCodes(binding, now);
  const awaited =
    channel === undefined
      ? Object.keys(binding.codes)
      : [channel].filter((id) => binding.codes[id as keyof typeof binding.codes]);
  if (isExpired(binding, now)) await expireBinding(signing, binding);
  if ((binding.status !== 'pending' && binding.status !== 'active') || awaited.length === 0) {
    return refuse('nothing_to_confirm', `${binding.id} is ${binding.status} and waits for no such code.`);
  }
  const [first, ...others] = awaited.filter((id) => open.includes(id));
  if (first === undefined) return refuse('code_expired', 'The time for the code is over: bind the card anew.');
  if (others.length > 0) {
    return refuse('channel_required', `Several channels have sent a code; name one: ${open.join(', ')}.`);
  }
  return first;
}

async function askChannel(signing: Signing, binding: Binding, id: string, code: string): Promise<BindResult> {
  const channel = await findChannel(signing.channels, id);
  if (!channel) throw new Error(`${binding.id} waits for a code of ${id}, which is no channel any more`);
  const { merchantNo } = stepOf(binding, id);
  const reference = { channel: channel.id, merchantNo, requestNo: requestNoAt(binding.id, id) };
  return adapterOf(signing.channels, channel).confirmBinding({ ...reference, code });
}

async function settle(
  signing: Signing,
  {
    binding,
    channel,
    result,
    command,
  }: {
    readonly binding: Binding;
    readonly channel: string;
    readonly result: BindResult;
    readonly command: ConfirmCommand;
  },
): Promise<Binding | Refusal<ConfirmRefusal>> {
  const step = stepOf(binding, channel);
  if (result.outcome === 'unknown' || result.outcome === 'code_sent') {
    return refuse(
      'channel_unavailable',
      `${channel} did not answer; tell the code back again with a new Idempotency-Key.`,
    );
  }
  if (result.outcome === 'succeeded') {
    const agreement = { merchantNo: step.merchantNo, agreementNo: result.agreementNo };
    const agreements = { ...binding.agreements, [channel]: agreement };
    const patch = { ...withoutStep(binding, channel), agreements, confirmedBy: command.operationId };
    const agreed = await changeBinding(signing, binding, bindingAfter(binding, 'agree', patch));
    return agreed === 'overtaken' ? confirmBinding(signing, command) : agreed;
  }
  const left = codeTries - step.tries;
  if (result.reason === 'wrong_code' && left > 0) {
    return refuse('wrong_code', `The code is wrong; it can be told back at most ${left} more time(s).`);
  }
  return endStep(signing, binding, channel, result.reason);
}

/** The channel takes no more codes; a binding that waits for nothing else and won nobody ends. */
async function endStep(
  signing: Signing,
  binding: Binding,
  channel: string,
  reason: string,
): Promise<Refusal<ConfirmRefusal>> {
  const { codes } = withoutStep(binding, channel);
  const ends = binding.status === 'pending' && Object.keys(codes).length === 0;
  const to = ends
    ? bindingAfter(binding, 'refuse')
    : bindingAfter(binding, 'use_try', { codes, ...pendingUntil(binding, codes) });
  await changeBinding(signing, binding, to); // whoever was faster has told the channel another code, and its answer counts
  const now = await currentBinding(signing, binding);
  return refuse('card_refused', `${channel} takes no more codes (${reason}); the binding is ${now.status}.`);
}

function stepOf(binding: Binding, channel: string): CodeStep {
  const step = Object.entries(binding.codes).find(([id]) => id === channel)?.[1];
  if (!step) throw new Error(`${binding.id} waits for no code of ${channel}`);
  return step;
}

const withStep = ({ codes }: Binding, channel: string, step: CodeStep): Pick<Binding, 'codes'> => ({
  codes: { ...codes, [channel]: step },
});

const withoutStep = ({ codes }: Binding, channel: string): Pick<Binding, 'codes'> => ({
  codes: Object.fromEntries(Object.entries(codes).filter(([id]) => id !== channel)),
});
