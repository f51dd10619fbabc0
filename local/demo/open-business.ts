/** Morning: the institutions are opened, and their members bind their cards. */
import { expectStatus } from '../outsider/api-client.ts';
import type { Center } from '../outsider/center.ts';
import { textAt, valueAt } from '../outsider/json.ts';
import { type Institution, openInstitution } from '../outsider/onboarding.ts';
import { inParallel } from './in-parallel.ts';
import type { Card, ScriptedInstitution, ScriptedMember } from './script.ts';

export interface Member extends ScriptedMember {
  readonly institution: Institution;
  readonly accountId: string;
  readonly bindingId: string;
  /** of the card that money is paid out to */
  readonly payoutBindingId: string;
}

/** @param run tells one run of the demo from another on the same deployment, in merchant numbers and references */
export const openInstitutions = (
  center: Center,
  script: readonly ScriptedInstitution[],
  run: string,
): Promise<Institution[]> =>
  Promise.all(
    script.map(async ({ name, channels }, index) => {
      const merchants = channels.map((channel) => ({ channel, merchantNo: `${index + 1}${run}` }));
      const institution = await openInstitution(center, { name, merchants });
      await Promise.all(merchants.map((merchant) => settleToday(center, merchant)));
      return institution;
    }),
  );

/** A file of an unfinished day settles nothing. The demo's day is as long as its script, and is over when its statements come. */
async function settleToday({ operator }: Center, merchant: { readonly channel: string; readonly merchantNo: string }) {
  const id = `${merchant.channel}-${merchant.merchantNo}`;
  const value = { ...merchant, unfinishedDay: 'settle' };
  const entry = { kind: 'reconciliation-policies', value, reason: 'the demo is over before its day is' };
  expectStatus(await operator.put(`/v1/admin/reconciliation-policies/${id}`, entry), 200, 201);
}

export function openMembers(
  institutions: readonly Institution[],
  script: readonly ScriptedInstitution[],
  tell: (done: number, of: number) => void,
): Promise<Member[]> {
  const all = script.flatMap(({ members }, index) => {
    const institution = institutions[index];
    if (!institution) throw new Error('an institution of the script was not opened');
    return members.map((scripted) => ({ institution, scripted }));
  });
  let done = 0;
  return inParallel(all, async ({ institution, scripted }) => {
    const { externalUserId, card, withdrawal } = scripted;
    const account = expectStatus(await institution.client.post('/v1/member-accounts', { externalUserId }), 201);
    const accountId = textAt(account, 'id');
    const bindingId = await bind(institution, accountId, card);
    const another = withdrawal && withdrawal.card.number !== card.number;
    const payoutBindingId = another ? await bind(institution, accountId, withdrawal.card) : bindingId;
    done += 1;
    tell(done, all.length);
    return { ...scripted, institution, accountId, bindingId, payoutBindingId };
  });
}

const bindAttempts = 5;

/** Where no channel answers in time the center keeps the binding pending, and the next request takes it up. */
async function bind({ client }: Institution, accountId: string, card: Card): Promise<string> {
  const { number: cardNumber, holderName, idNumber, mobile } = card;
  const body = { accountId, cardNumber, holderName, idNumber, mobile };
  for (let attempt = 1; ; attempt++) {
    const reply = await client.post('/v1/card-bindings', body);
    const silent = valueAt(reply.body, 'code') === 'channel_unavailable';
    if (!silent || attempt === bindAttempts) return textAt(expectStatus(reply, 201), 'id');
  }
}
