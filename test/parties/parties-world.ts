/** The context `parties` on real stores, with channels whose answers a test chooses. */
import { createHash } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ulid } from 'ulid';
import { approvalIdOf, proposeApprovalWrite } from '../../functions/access/index.ts';
import {
  adapterWith,
  type BindRequest,
  type BindResult,
  type ChannelAdapter,
  type Configuration,
  type ConfirmBindingRequest,
  configurationOf,
  flatFee,
  sandboxChannels,
  type VerificationReference,
  type VerificationResult,
  type VerifyRequest,
} from '../../functions/channels/index.ts';
import { accountingDateAt } from '../../functions/kernel/clock.ts';
import type { AccountId, InstitutionId } from '../../functions/kernel/ids.ts';
import { isRefusal, type Refusal } from '../../functions/kernel/refusal.ts';
import type { Table } from '../../functions/kernel/table.ts';
import { committer } from '../../functions/kernel/write.ts';
import { headMemory } from '../../functions/ledger/index.ts';
import type { AddingAgreements } from '../../functions/parties/add-agreements.ts';
import type { CardBinding } from '../../functions/parties/bind-card.ts';
import { institutionExecutor, type Opening, proposeInstitution } from '../../functions/parties/open-institution.ts';
import {
  institutionAccountExecutor,
  proposeInstitutionAccount,
} from '../../functions/parties/open-institution-account.ts';
import type { Sealed } from '../../functions/parties/personal-data.ts';
import { registerSettlementAccount } from '../../functions/parties/settlement-accounts.ts';
import { verificationPolicy } from '../../functions/parties/verification/verification-policy.ts';
import type { Confirming, Verifying } from '../../functions/parties/verification/verifying.ts';
import { clientOf, objectOf, type Process, startProcess } from '../payments/crash.ts';
import { createTable } from '../support/engines.ts';

const contexts = ['parties', 'ledger', 'channels', 'access'] as const;
export type Tables = Readonly<Record<(typeof contexts)[number], Table>>;

const shapes = {
  parties: {
    indexes: [
      { name: 'by-institution', partitionKey: 'listing', sortKey: 'createdKey' },
      { name: 'by-due', partitionKey: 'due', sortKey: 'dueKey', keysOnly: true },
    ],
  },
  ledger: { indexes: [{ name: 'by-day', partitionKey: 'day', sortKey: 'dayPlace' }] },
  channels: {},
  access: {},
};

export async function createTables(client: DynamoDBClient): Promise<Tables> {
  const tables = await Promise.all(
    contexts.map(async (name) => [name, await createTable(client, name, shapes[name])] as const),
  );
  return Object.fromEntries(tables) as Record<(typeof contexts)[number], Table>; // one per name
}

/** What a test lets the channels say, by channel, and what they were asked. */
export class Counterparty {
  readonly asked: (BindRequest | VerifyRequest)[] = [];
  readonly codes: ConfirmBindingRequest[] = [];
  readonly queried: VerificationReference[] = [];
  bind: (request: BindRequest) => BindResult = ({ requestNo }) => ({
    outcome: 'succeeded',
    agreementNo: `A${requestNo}`,
  });
  /** by default the right code is 123456, and as many wrong ones are taken as anybody likes to try */
  confirmBinding: (request: ConfirmBindingRequest) => BindResult = ({ requestNo, code }) =>
    code === '123456'
      ? { outcome: 'succeeded', agreementNo: `A${requestNo}` }
      : { outcome: 'refused', reason: 'wrong_code' };
  verify: (request: VerifyRequest) => VerificationResult = () => ({ outcome: 'succeeded' });
  queryVerification: (reference: VerificationReference) => VerificationResult | { outcome: 'not_found' } = () => ({
    outcome: 'not_found',
  });

  adapter(): ChannelAdapter {
    return adapterWith({
      bind: async (request) => {
        this.asked.push(request);
        return this.bind(request);
      },
      confirmBinding: async (request) => {
        this.codes.push(request);
        return this.confirmBinding(request);
      },
      verify: async (request) => {
        this.asked.push(request);
        return this.verify(request);
      },
      queryVerification: async (reference) => {
        this.queried.push(reference);
        return this.queryVerification(reference);
      },
    });
  }
}

export type World = Opening & CardBinding & AddingAgreements & Verifying & Confirming;

/** Channels that charge 30 minor units for a verdict; the center charges 50. */
export const pricedConfiguration: Configuration = {
  ...configurationOf(
    sandboxChannels.map((channel) => ({
      ...channel,
      products: { ...channel.products, verification: { cost: flatFee(30n) } },
    })),
  ),
  fees: [{ id: 'verdict', institution: '*', product: 'verification', payer: 'institution', schedule: flatFee(50n) }],
};

export interface WorldFacts {
  readonly process?: Process;
  readonly clock?: () => Date;
  readonly configuration?: Configuration;
}

/** Everything as one process sees it; in place of KMS, plain hashes: what they hide is tested with KMS itself. */
export function worldOf(tables: Tables, counterparty: Counterparty, facts: WorldFacts = {}): World {
  const {
    process = startProcess(),
    clock = () => new Date(),
    configuration = configurationOf(sandboxChannels),
  } = facts;
  const seen = (table: Table): Table => ({ ...table, client: clientOf(process, table.client) });
  const pause = { random: Math.random, sleepMs: async () => {} };
  const parties = seen(tables.parties);
  const commit = committer(parties.client, pause);
  const digest = (...texts: readonly string[]) => createHash('sha256').update(texts.join('|')).digest();
  return {
    table: parties,
    commit,
    clock,
    policy: verificationPolicy,
    draw: (bound) => Math.floor(Math.random() * bound),
    ledger: {
      ...pause,
      // a process that is to die at each of its calls in turn makes the same ones every time
      ...(facts.process && { random: () => 0 }),
      table: seen(tables.ledger),
      commit: committer(parties.client, pause, 'answered'),
      clock,
      businessDate: async () => accountingDateAt(clock(), 'Asia/Shanghai'),
      memory: headMemory(clock),
    },
    channels: {
      table: seen(tables.channels),
      builtIn: [],
      configuration: async () => configuration,
      catalogue: async () => configuration.channels,
      adapters: { sandbox: objectOf(process, counterparty.adapter()) },
    },
    propose: ({ operationId, ...proposal }) => {
      const approvalId = approvalIdOf(operationId);
      return { approvalId, write: proposeApprovalWrite(tables.access, { id: approvalId, ...proposal }) };
    },
    seal: (secret, { kind, id }) => process.call(async () => veil(secret, `${kind} ${id}`)),
    unseal: (sealed, { kind, id }) => process.call(async () => unveil(sealed, `${kind} ${id}`)),
    recognise: (purpose, ...parts) => process.call(async () => digest(purpose, ...parts).toString('hex')),
    bankOfCard: async (number) => (number.startsWith('62000000') ? { bank: 'ICBC', cardType: 'debit' } : undefined),
  };
}

/** Sealed enough for a table in which nobody may find a number, and opened as what it was sealed as only. */
function veil(secret: Readonly<Record<string, string>>, context: string): Sealed {
  const bytes = Buffer.from(JSON.stringify([context, secret])).map((byte) => byte ^ 0x5a);
  return {
    keyId: 'test-key',
    dataKey: bytes.subarray(0, 1),
    iv: bytes.subarray(0, 1),
    tag: bytes.subarray(0, 1),
    cipherText: bytes,
  };
}

function unveil({ cipherText }: Sealed, context: string): Record<string, string> {
  const [was, secret] = JSON.parse(Buffer.from(cipherText.map((byte) => byte ^ 0x5a)).toString()) as [
    string,
    Record<string, string>,
  ]; // what `veil` wrote
  if (was !== context) throw new Error(`sealed as ${was}, opened as ${context}`);
  return secret;
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

/** An institution's own account, opened by the approval. */
export async function institutionAccount(world: World, institutionId: InstitutionId): Promise<AccountId> {
  const proposal = { institutionId, currency: 'CNY', proposedBy: 'olga', operationId: ulid() } as const;
  const { id } = granted(await proposeInstitutionAccount(world, proposal));
  const payload = { institutionId, currency: 'CNY' };
  await world.commit(await institutionAccountExecutor(world).approve({ subjectId: id, payload }));
  return id;
}

/** @throws Error where the outcome is a refusal. */
export function granted<T>(outcome: T | Refusal): T {
  if (isRefusal(outcome)) throw new Error(`${outcome.refused}: ${outcome.detail}`);
  return outcome;
}
