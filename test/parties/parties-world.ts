/** The context `parties` on real stores, with channels whose answers a test chooses. */
import { createHash } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ulid } from 'ulid';
import { approvalIdOf, proposeApprovalWrite } from '../../functions/access/index.ts';
import {
  type BindRequest,
  type BindResult,
  type ChannelAdapter,
  sandboxChannels,
  type VerificationResult,
  type VerifyIdentityRequest,
} from '../../functions/channels/index.ts';
import { accountingDateAt } from '../../functions/kernel/clock.ts';
import type { InstitutionId } from '../../functions/kernel/ids.ts';
import { isRefusal, type Refusal } from '../../functions/kernel/refusal.ts';
import type { Table } from '../../functions/kernel/table.ts';
import { committer } from '../../functions/kernel/write.ts';
import { headMemory } from '../../functions/ledger/index.ts';
import type { CardBinding } from '../../functions/parties/bind-card.ts';
import { institutionExecutor, type Opening, proposeInstitution } from '../../functions/parties/open-institution.ts';
import type { MemberOpening } from '../../functions/parties/open-member-account.ts';
import { registerSettlementAccount } from '../../functions/parties/settlement-accounts.ts';
import { clientOf, objectOf, type Process, startProcess } from '../payments/crash.ts';
import { createTable } from '../support/engines.ts';

const contexts = ['parties', 'ledger', 'channels', 'access'] as const;
export type Tables = Readonly<Record<(typeof contexts)[number], Table>>;

export async function createTables(client: DynamoDBClient): Promise<Tables> {
  const tables = await Promise.all(contexts.map(async (name) => [name, await createTable(client, name)] as const));
  return Object.fromEntries(tables) as Record<(typeof contexts)[number], Table>; // one per name
}

/** What a test lets the channels say, by channel, and what they were asked. */
export class Counterparty {
  readonly asked: (BindRequest | VerifyIdentityRequest)[] = [];
  bind: (request: BindRequest) => BindResult = ({ requestNo }) => ({
    outcome: 'succeeded',
    agreementNo: `A${requestNo}`,
  });
  verify: (request: VerifyIdentityRequest) => VerificationResult = () => ({ outcome: 'succeeded' });

  adapter(): ChannelAdapter {
    const unasked = async () => {
      throw new Error('no payment is made here');
    };
    return {
      bindCard: async (request) => {
        this.asked.push(request);
        return this.bind(request);
      },
      verifyIdentity: async (request) => {
        this.asked.push(request);
        return this.verify(request);
      },
      collect: unasked,
      payout: unasked,
      query: unasked,
      cancel: unasked,
    };
  }
}

export type World = Opening & MemberOpening & CardBinding;

/** Everything as one process sees it; in place of KMS, plain hashes: what they hide is tested with KMS itself. */
export function worldOf(tables: Tables, counterparty: Counterparty, process: Process = startProcess()): World {
  const seen = (table: Table): Table => ({ ...table, client: clientOf(process, table.client) });
  const pause = { random: Math.random, sleepMs: async () => {} };
  const parties = seen(tables.parties);
  const commit = committer(parties.client, pause);
  const clock = () => new Date();
  const digest = (...texts: readonly string[]) => createHash('sha256').update(texts.join('|')).digest();
  return {
    table: parties,
    commit,
    clock,
    ledger: {
      ...pause,
      table: seen(tables.ledger),
      commit,
      clock,
      businessDate: async () => accountingDateAt(clock(), 'Asia/Shanghai'),
      memory: headMemory(clock),
    },
    channels: {
      table: seen(tables.channels),
      catalogue: sandboxChannels,
      adapters: { sandbox: objectOf(process, counterparty.adapter()) },
    },
    propose: ({ operationId, ...proposal }) => {
      const approvalId = approvalIdOf(operationId);
      return { approvalId, write: proposeApprovalWrite(tables.access, { id: approvalId, ...proposal }) };
    },
    seal: (facts, { id }) =>
      process.call(async () => {
        const sealed = digest(id, JSON.stringify(facts));
        return { dataKey: sealed, iv: sealed, tag: sealed, cipherText: sealed };
      }),
    recogniseCard: ({ accountId, number }) => process.call(async () => digest(accountId, number).toString('hex')),
  };
}

/** An institution that was approved, with a merchant number at each of the given channels. */
export async function activeInstitution(
  world: World,
  channels: readonly string[] = ['sandbox-wallet', 'sandbox-bank'],
): Promise<InstitutionId> {
  const institution = await proposeInstitution(world, { name: 'Harbour', proposedBy: 'olga', operationId: ulid() });
  await world.commit(await institutionExecutor(world).approve({ subjectId: institution.id, payload: {} }));
  for (const [priority, channel] of channels.entries()) {
    const facts = { institutionId: institution.id, channel, merchantNo: ulid(), currency: 'CNY', priority } as const;
    granted(await registerSettlementAccount(world, { ...facts, operationId: ulid() }));
  }
  return institution.id;
}

/** @throws Error where the outcome is a refusal. */
export function granted<T>(outcome: T | Refusal): T {
  if (isRefusal(outcome)) throw new Error(`${outcome.refused}: ${outcome.detail}`);
  return outcome;
}
