/** A verification is stored before a channel is asked; the same facts are not asked about twice. */
import { findRoutes, type Route } from '../../channels/index.ts';
import type { AccountId, InstitutionId } from '../../kernel/ids.ts';
import { type Currency, money } from '../../kernel/money.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { findInstitutionAccount } from '../institution-store.ts';
import { findOpenMember, type MemberRefusal, openAccount } from '../open-member.ts';
import { type Asking, askChannels } from './ask-channels.ts';
import { resolveVerification } from './resolve-verification.ts';
import { answeredBy, startVerification, type Verification, verificationIdOf } from './verification.ts';
import {
  type EnterpriseFacts,
  enterpriseForChannel,
  type Facts,
  maskFacts,
  personForChannel,
  recogniseFacts,
} from './verification-facts.ts';
import { verificationFee } from './verification-fee.ts';
import { addVerificationWrite, findProof, findVerification } from './verification-store.ts';
import type { Verifying } from './verifying.ts';

export interface VerifyCommand {
  readonly institutionId: InstitutionId;
  /** the member's that it is for; of an enterprise, the institution's own account */
  readonly accountId?: AccountId | undefined;
  readonly currency: Currency;
  readonly facts: Facts;
  readonly operationId: string;
}

export type VerifyRefusal = MemberRefusal | 'account_not_active' | 'idempotency_mismatch' | 'verification_unavailable';

/**
 * Laws, in this order: the account is the institution's or its member's own and open; some channel verifies. Facts that
 * were proved lately succeed at once, cost nothing and ask nobody. A channel's silence leaves it `processing`.
 */
export async function createVerification(
  verifying: Verifying,
  command: VerifyCommand,
): Promise<Verification | Refusal<VerifyRefusal>> {
  const { institutionId, facts, operationId } = command;
  const factsHash = await recogniseFacts(verifying.recognise, institutionId, facts);
  const own = await findVerification(verifying, verificationIdOf(operationId));
  if (own) return own.factsHash === factsHash ? takeUp(verifying, own, command) : mismatch();

  const refused = await refusedAccount(verifying, command);
  if (refused) return refused;
  const proof = facts.kind === 'enterprise' ? undefined : await findProof(verifying, factsHash, verifying.clock());
  const { accountId } = command;
  const shown = { institutionId, kind: facts.kind, accountId, masked: maskFacts(facts), factsHash, operationId };
  if (proof) {
    const { currency } = command;
    return store(verifying, answeredBy(shown, { earlier: proof, currency, at: verifying.clock() }), command);
  }

  const routes = await routesFor(verifying, command);
  const [first] = routes;
  if (!first) return unavailable();
  const drawn = facts.kind === 'enterprise' ? await drawTransfer(verifying, facts, command) : undefined;
  const at = verifying.clock();
  const fee = await verificationFee(verifying, { institutionId, currency: first.cost.currency });
  const fresh = startVerification({ ...shown, amountHash: drawn?.amountHash }, { route: first, fee, at });
  const channelFacts = facts.kind === 'enterprise' ? drawn?.channelFacts : personForChannel(facts);
  if (!channelFacts) throw new Error('no amount was drawn');
  return store(verifying, fresh, command, { facts: channelFacts, routes, sealed: drawn?.sealed });
}

async function store(
  verifying: Verifying,
  fresh: Verification,
  command: VerifyCommand,
  asking?: Asking,
): Promise<Verification | Refusal<VerifyRefusal>> {
  const { committed } = await verifying.commit([addVerificationWrite(verifying, fresh, asking?.sealed)]);
  if (!committed) {
    const other = await findVerification(verifying, fresh.id);
    if (!other) throw new Error(`${fresh.id} can't be stored although nothing stands in its place`);
    return other.factsHash === fresh.factsHash ? takeUp(verifying, other, command) : mismatch();
  }
  return asking ? askChannels(verifying, fresh, asking) : fresh;
}

/**
 * Goes on with what an earlier try of the operation stored. The same number gives the same verdict, so a person's facts
 * are simply asked about again; the amount of an enterprise is known to nobody any more, so its channel is asked what
 * became of the first call.
 */
async function takeUp(verifying: Verifying, stored: Verification, command: VerifyCommand): Promise<Verification> {
  const { facts } = command;
  if (stored.status !== 'processing' || facts.kind === 'enterprise') return resolveVerification(verifying, stored);
  const routes = await routesFor(verifying, command);
  return askChannels(verifying, stored, { facts: personForChannel(facts), routes });
}

const routesFor = async (
  verifying: Verifying,
  { institutionId, accountId, currency, facts }: VerifyCommand,
): Promise<readonly Route[]> => {
  const bank = facts.kind === 'enterprise' ? facts.account.bank : undefined;
  const request = { product: 'verification', amount: money(0n, currency), at: verifying.clock() } as const;
  return (await findRoutes(verifying.channels, { ...request, institutionId, accountId, bank })).routes;
};

/** 1 to 99 minor units; kept as a keyed hash, so that nobody who reads the table can tell it back. */
async function drawTransfer(verifying: Verifying, facts: EnterpriseFacts, { currency, operationId }: VerifyCommand) {
  const id = verificationIdOf(operationId);
  const amount = money(BigInt(1 + verifying.draw(99)), currency);
  return {
    amountHash: await verifying.recognise('amount', id, String(amount.amount), currency),
    channelFacts: enterpriseForChannel(facts, amount),
    sealed: await verifying.seal({ ...facts.account }, { kind: 'verification', id }),
  };
}

async function refusedAccount(
  verifying: Verifying,
  { institutionId, accountId, facts }: VerifyCommand,
): Promise<Refusal<MemberRefusal | 'account_not_active'> | undefined> {
  if (accountId === undefined) return undefined;
  if (facts.kind !== 'enterprise') {
    const member = await findOpenMember(verifying, { institutionId, accountId });
    return isRefusal(member) ? member : undefined;
  }
  const account = await findInstitutionAccount(verifying, institutionId, accountId);
  if (!account) return refuse('not_found', 'There is no such account of the institution.');
  if (account.status !== 'active') return refuse('account_not_active', `The account is ${account.status}.`);
  const open = await openAccount(verifying, accountId);
  return isRefusal(open) ? open : undefined;
}

const mismatch = () =>
  refuse('idempotency_mismatch', 'This Idempotency-Key was used with other facts; a new request needs a new key.');

const unavailable = () =>
  refuse(
    'verification_unavailable',
    'None of the institution’s merchant numbers is at a channel that verifies now; POST /v1/settlement-accounts registers one.',
  );
