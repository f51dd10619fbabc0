/** A day of payments through the deployed stack, its statements, and what the center makes of them. */
import { randomUUID } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, ExecutionDoesNotExist, GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import type { AccountId } from '../../functions/kernel/ids.ts';
import { settlementCompanions } from '../../functions/ledger/index.ts';
import { controlSandbox } from '../../local/outsider/sandbox.ts';
import {
  type ApiClient,
  center,
  deployed,
  eventually,
  expectStatus,
  type Institution,
  listAt,
  numberAt,
  operator,
  type SandboxChannel,
  textAt,
  valueAt,
} from '../support/deployment.ts';

export const goodCard = '6200000000000005';
/** succeeds at the channel, which tells it by the statement alone */
export const silentCard = '6200000000000328';

export const today = (): string => new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date());

export interface Merchant {
  readonly institution: Institution;
  readonly channel: SandboxChannel;
  readonly merchantNo: string;
  readonly settlementAccountId: string;
}

export function merchantOf(institution: Institution, channel: SandboxChannel): Merchant {
  const merchant = institution.merchants.find((each) => each.channel === channel);
  if (!merchant) throw new Error(`the institution has no merchant number at ${channel}`);
  return { ...merchant, institution, channel };
}

const yuan = (amount: number) => ({ amount, currency: 'CNY' });

let waited: Promise<void> | undefined;

/** What is missing is missing at once, also for tests that run around midnight; and today's statements settle today. */
function waitForNoOtherDay(): Promise<void> {
  const value = { channel: '*', carryOver: { windowMinutes: 0, days: 1 }, unfinishedDay: 'settle' };
  const body = { kind: 'reconciliation-policies', value, reason: 'tests at any hour' };
  waited ??= operator()
    .put('/v1/admin/reconciliation-policies/any-hour', body)
    .then((reply) => void expectStatus(reply, 200, 201));
  return waited;
}

/** One member who tops up with each amount, by the card, and then withdraws each amount. */
export async function pay(
  { client }: Institution,
  { topUps, withdrawals = [], card = goodCard }: { topUps: number[]; withdrawals?: number[]; card?: string },
): Promise<void> {
  await waitForNoOtherDay();
  const opened = await client.post('/v1/member-accounts', { externalUserId: randomUUID() });
  const accountId = textAt(expectStatus(opened, 201), 'id');
  const bindingId = await bind(client, { accountId, cardNumber: card });
  const request = (amount: number) => ({ accountId, bindingId, amount: yuan(amount), reference: randomUUID() });
  await Promise.all(
    topUps.map(async (amount) => {
      const body = { ...request(amount), product: 'withholding' };
      expectStatus(await client.post('/v1/top-ups', body), 201, 202);
    }),
  );
  await Promise.all(
    withdrawals.map(async (amount) => expectStatus(await client.post('/v1/withdrawals', request(amount)), 201, 202)),
  );
}

const bindAttempts = 5;

/** A busy machine may answer later than the center waits: the binding is kept, and the next request takes it up. */
async function bind({ post }: ApiClient, card: { readonly accountId: string; readonly cardNumber: string }) {
  const holder = { holderName: '张小海', idNumber: '999999199001010016', mobile: '13900000000' };
  for (let attempt = 1; ; attempt++) {
    const reply = await post('/v1/card-bindings', { ...card, ...holder });
    const isSilent = reply.status === 422 && valueAt(reply.body, 'code') === 'channel_unavailable';
    if (!isSilent || attempt === bindAttempts) return textAt(expectStatus(reply, 201), 'id');
  }
}

const formats = { 'sandbox-wallet': 'wechat-tradebill', 'sandbox-bank': 'sandbox-csv' } as const;

/** Has the sandbox write the day's statement. @returns its key */
export async function dropStatement(
  { channel, merchantNo }: Merchant,
  options: { readonly mistakes?: readonly string[]; readonly gzip?: boolean; readonly fileName?: string } = {},
): Promise<string> {
  const request = { channel, merchantNo, date: today(), format: formats[channel], ...options };
  return textAt(await controlSandbox(center(), '/control/statements', request), 'key');
}

export async function dropFile(key: string, content: string | Buffer): Promise<void> {
  const Bucket = deployed('StatementBucketName');
  await center().s3.send(new PutObjectCommand({ Bucket, Key: key, Body: content }));
}

export const executionName = ({ channel, merchantNo }: Merchant, version: number): string =>
  `${channel}-${merchantNo}-${today()}-v${version}`;

const arnOf = (name: string): string =>
  `${deployed('ReconciliationStateMachineArn').replace(':stateMachine:', ':execution:')}:${name}`;

export interface Ended {
  readonly status: string;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly states: readonly string[];
}

/** Whether an execution of this name was ever started. */
export async function wasStarted(name: string): Promise<boolean> {
  try {
    await center().stepFunctions.send(new DescribeExecutionCommand({ executionArn: arnOf(name) }));
    return true;
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return false;
    throw error;
  }
}

export const ended = (name: string): Promise<Ended> =>
  eventually(`the end of ${name}`, async () => {
    if (!(await wasStarted(name))) return undefined;
    const { stepFunctions } = center();
    const executionArn = arnOf(name);
    const { status = '', error, cause } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'RUNNING') return undefined;
    const { events = [] } = await stepFunctions.send(new GetExecutionHistoryCommand({ executionArn }));
    const states = events.flatMap(({ stateEnteredEventDetails: entered }) => entered?.name ?? []);
    return { status, error, cause, states };
  });

/** All versions of the merchant's day, the newest first. */
export async function reconciliationsOf({ channel, merchantNo }: Merchant) {
  const query = new URLSearchParams({ channel, merchantNo, date: today() });
  return listAt(expectStatus(await operator().get(`/v1/reconciliations?${query}`), 200), 'items');
}

/** What the newest version shows, with the institution's own credentials. */
export async function newest(merchant: Merchant) {
  const [reconciliation = null] = await reconciliationsOf(merchant);
  const path = `/v1/reconciliations/${textAt(reconciliation, 'id')}`;
  const { client } = merchant.institution;
  const report = expectStatus(await client.get(`${path}/report`), 200);
  const differences = listAt(expectStatus(await client.get(`${path}/differences?limit=200`), 200), 'items');
  return {
    path,
    report,
    status: textAt(reconciliation, 'status'),
    differences: differences.map((each) => ({
      type: textAt(each, 'type'),
      status: textAt(each, 'status'),
      amount: numberAt(each, 'amount.amount'),
      posting: valueAt(each, 'postingId'),
    })),
  };
}

export async function balances({ institution, settlementAccountId }: Merchant) {
  const account = expectStatus(await institution.client.get(`/v1/accounts/${settlementAccountId}`), 200);
  return {
    pending: numberAt(account, 'balances.pending.amount'),
    reconciled: numberAt(account, 'balances.reconciled.amount'),
  };
}

/** What is held in suspense for the merchant number in all, counted as a credit. */
export async function suspense({ settlementAccountId }: Merchant): Promise<number> {
  const accounts = settlementCompanions(settlementAccountId as AccountId).suspense; // an id that the center gave
  const held = await Promise.all(
    Object.values(accounts).map(async (id) => {
      const account = expectStatus(await operator().get(`/v1/accounts/${id}`), 200);
      const balance = numberAt(account, 'balances.available.amount');
      return textAt(account, 'subject.normalSide') === 'credit' ? balance : -balance;
    }),
  );
  return held.reduce((sum, each) => sum + each, 0);
}
