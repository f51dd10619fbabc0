import { createHash } from 'node:crypto';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteBucketPolicyCommand, ListBucketsCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AccountingDate } from '../../functions/kernel/clock.ts';
import { toItem } from '../../functions/kernel/table.ts';
import { reconciliationIdOf } from '../../functions/reconciliation/statement-key.ts';
import { openInstitution } from '../../local/outsider/onboarding.ts';
import {
  type ApiClient,
  approvedInstitution,
  center,
  deployed,
  eventually,
  expectStatus,
  listAt,
  newMerchantNo,
  numberAt,
  operator,
  textAt,
  valueAt,
} from '../support/deployment.ts';
import {
  balances,
  dropFile,
  dropStatement,
  ended,
  executionName,
  type Merchant,
  merchantOf,
  newest,
  pay,
  today,
  wasStarted,
} from './deployed-day.ts';
import { csvFile } from './sample-day.ts';

const idOf = ({ channel, merchantNo }: Merchant, version = 1) =>
  reconciliationIdOf({ channel, merchantNo, date: today() as AccountingDate }, version); // a real day

const shown = async (merchant: Merchant, version = 1) =>
  expectStatus(await operator().get(`/v1/reconciliations/${idOf(merchant, version)}`), 200);

/** A step that fails is tried four times, over half a minute. */
const patienceMs = 180_000;

const statusIs = (merchant: Merchant, status: string, version = 1) =>
  eventually(
    `${status} of ${executionName(merchant, version)}`,
    async () => {
      const reply = await operator().get(`/v1/reconciliations/${idOf(merchant, version)}`);
      return reply.status === 200 && textAt(reply.body, 'status') === status ? true : undefined;
    },
    patienceMs,
  );

const oneBank = async (name: string): Promise<Merchant> =>
  merchantOf(await approvedInstitution(name, ['sandbox-bank']), 'sandbox-bank');

async function workingBucket(): Promise<string> {
  const { Buckets: buckets = [] } = await center().s3.send(new ListBucketsCommand({}));
  const name = buckets.find(({ Name }) => /reconciliation-working/i.test(Name ?? ''))?.Name;
  if (name === undefined) throw new Error('there is no bucket of working files');
  return name;
}

/** Files that nobody may write or read, each of one reconciliation: the workers that need them die, and no others. */
async function withhold(
  Bucket: string,
  places: readonly { readonly action: 's3:PutObject' | 's3:GetObject'; readonly path: string }[],
) {
  const Statement = places.map(({ action, path }) => {
    return { Effect: 'Deny', Principal: '*', Action: action, Resource: `arn:aws:s3:::${Bucket}/${path}` };
  });
  await center().s3.send(
    new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
  );
  return () => center().s3.send(new DeleteBucketPolicyCommand({ Bucket }));
}

describe('a worker that dies', () => {
  /** what it is denied by */
  const deaths = {
    Identify: { action: 's3:PutObject', path: 'frame.json' },
    Plan: { action: 's3:PutObject', path: 'plan/*' },
    Stage: { action: 's3:PutObject', path: 'channel/*' },
    Match: { action: 's3:PutObject', path: 'match/*' },
    Conclude: { action: 's3:PutObject', path: 'conclude/closing.json' },
    Handle: { action: 's3:GetObject', path: 'conclude/completions.json' },
    Report: { action: 's3:GetObject', path: 'conclude/outcomes.jsonl' },
  } as const;
  /** of a day that balances; the proof is the only file that it writes, and lies beside the statement */
  const deathInSettle = { action: 's3:PutObject', path: 'proof.json' } as const;
  const states = Object.keys(deaths) as (keyof typeof deaths)[]; // its own keys
  const names = [...states, 'Settle', 'undisturbed', 'undisturbed and clean', 'cancelled'] as const;
  const merchants = new Map<string, Merchant>();
  const isClean = (name: string) => name === 'Settle' || name === 'undisturbed and clean';

  beforeAll(async () => {
    const opened = await Promise.all(names.map(async (name) => ({ name, merchant: await oneBank(`Dies In ${name}`) })));
    for (const { name, merchant } of opened) merchants.set(name, merchant);
    await Promise.all(opened.map(({ merchant }) => pay(merchant.institution, { topUps: [10_000, 10_000] })));
    const cancelled = merchantOfState('cancelled');
    const giveBack = await withhold(await workingBucket(), [
      ...states.map((state) => {
        const { action, path } = deaths[state];
        return { action, path: `${idOf(merchantOfState(state))}/${path}` };
      }),
      { action: 's3:PutObject', path: `${idOf(cancelled)}/match/*` },
    ]);
    const giveBackProof = await withhold(deployed('StatementBucketName'), [
      { action: deathInSettle.action, path: `reports/${idOf(merchantOfState('Settle'))}/${deathInSettle.path}` },
    ]);
    try {
      await Promise.all(
        opened.map(({ name, merchant }) =>
          dropStatement(merchant, { mistakes: isClean(name) ? [] : ['missing_at_channel'] }),
        ),
      );
      await eventually('Match of the one to cancel', async () =>
        (await wasStarted(executionName(cancelled, 1))) ? true : undefined,
      );
      const stop = { reason: 'the file of another day' };
      expectStatus(await operator().post(`/v1/reconciliations/${idOf(cancelled)}/cancel`, stop), 200);
      // a day whose reports are missing has its end
      const failing = [...states.filter((state) => state !== 'Report'), 'Settle'];
      await Promise.all(failing.map((state) => statusIs(merchantOfState(state), 'failed')));
      expect((await ended(executionName(merchantOfState('Report'), 1))).status).toBe('FAILED');
    } finally {
      await giveBack();
      await giveBackProof();
    }
  }, 3 * patienceMs);

  function merchantOfState(name: string): Merchant {
    const merchant = merchants.get(name);
    if (!merchant) throw new Error(`there is no merchant number for ${name}`);
    return merchant;
  }

  const outcome = async (merchant: Merchant) => {
    const { report, status, differences } = await newest(merchant);
    return {
      status,
      lines: valueAt(report, 'reconciliation.lines'),
      funds: valueAt(report, 'fundsSummary'),
      differences: differences.map(({ type, status: state, amount }) => ({ type, state, amount })),
      money: await balances(merchant),
    };
  };

  const reportOf = async (merchant: Merchant) =>
    expectStatus(await operator().get(`/v1/reconciliations/${idOf(merchant)}/report/funds-detail`), 200);

  test.each([...states, 'Settle'])('in %s goes on there once it is redriven, and comes to the same', async (state) => {
    const merchant = merchantOfState(state);
    const path = `/v1/reconciliations/${idOf(merchant)}`;
    const redriven = expectStatus(await operator().post(`${path}/redrive`), 202);
    const execution = textAt(redriven, 'reconciliation.executionName');
    // an emulator has no redrive
    if (textAt(redriven, 'outcome') === 'new_attempt') expect(execution).toBe(`${executionName(merchant, 1)}-a2`);
    const { states: entered } = await ended(execution);
    expect(entered[1]).toBe(state);
    expect(entered.at(-1)).toBe(isClean(state) ? 'Balanced' : 'Differing');
    const undisturbed = merchantOfState(isClean(state) ? 'undisturbed and clean' : 'undisturbed');
    expect((await ended(executionName(undisturbed, 1))).status).toBe('SUCCEEDED');
    expect(await outcome(merchant)).toEqual(await outcome(undisturbed));
    expect(listAt(await reportOf(merchant), 'items').length).toBe(listAt(await reportOf(undisturbed), 'items').length);
    expect((await operator().post(`${path}/redrive`)).status).toBe(409);
  });

  test('and is cancelled meanwhile leaves its day to the next file', async () => {
    const cancelled = merchantOfState('cancelled');
    expect(await shown(cancelled)).toMatchObject({
      status: 'cancelled',
      cancellation: { reason: 'the file of another day' },
    });
    await dropStatement(cancelled, { fileName: 'right.csv' });
    expect((await ended(executionName(cancelled, 2))).states.at(-1)).toBe('Balanced');
    expect((await ended(executionName(cancelled, 1))).status).toBe('ABORTED');
    const again = await operator().post(`/v1/reconciliations/${idOf(cancelled, 2)}/cancel`, { reason: 'too late' });
    expect(again.status).toBe(409);
  });

  test('shows how far it is: every line staged and matched', async () => {
    const merchant = merchantOfState('undisturbed');
    const path = `/v1/reconciliations/${idOf(merchant)}/progress`;
    const progress = expectStatus(await merchant.institution.client.get(path), 200);
    const read = numberAt(await shown(merchant), 'lines.read');
    expect(progress).toMatchObject({ step: 'Settle', lines: { all: read, staged: read, isEstimate: false } });
    expect(numberAt(progress, 'items.shards.done')).toBe(numberAt(progress, 'items.shards.all'));
  });
});

describe('a file of a day that is not over', () => {
  test('settles nothing and says so, and is worked on again by itself when its time has come', async () => {
    const bank = await oneBank('Comes Too Soon');
    await pay(bank.institution, { topUps: [1_000] });
    const { channel, merchantNo } = bank;
    const value = { channel, merchantNo, unfinishedDay: 'wait' };
    const entry = { kind: 'reconciliation-policies', value, reason: 'as real channels are' };
    expectStatus(await operator().put(`/v1/admin/reconciliation-policies/${merchantNo}`, entry), 200, 201);
    await dropStatement(bank);
    expect((await ended(executionName(bank, 1))).states.at(-1)).toBe('Differing');
    expect(await shown(bank)).toMatchObject({
      status: 'differing',
      unsettledBecause: ['day_not_over'],
      differences: 0,
    });
    expect((await balances(bank)).reconciled).toBe(0);

    // what will be tomorrow, now: by the table's stream, as where another day asks for it
    const dynamodb = new DynamoDBClient({});
    const place = { pk: `DAY#${channel}#${merchantNo}#${today()}`, sk: 'RERUN' };
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: deployed('ReconciliationTableName'),
        Key: toItem(place),
        UpdateExpression: 'SET notBefore = :now',
        ConditionExpression: 'afterVersion = :first',
        ExpressionAttributeValues: toItem({ ':now': new Date().toISOString(), ':first': 1 }),
      }),
    );
    expect((await ended(executionName(bank, 2))).states.at(-1)).toBe('Differing');
    expect(await shown(bank, 2)).toMatchObject({ rerunOf: idOf(bank), rerunBecause: 'day_is_over' });
  });
});

describe('files that lie in the bucket', () => {
  test('are started by hand, one by one and a month at once, where they came to nothing or nobody told', async () => {
    const merchantNo = newMerchantNo();
    await dropFile(`statements/sandbox-bank/${merchantNo}/${today()}/day.csv`, csvFile([]));
    const name = `sandbox-bank-${merchantNo}-${today()}`;
    expect((await ended(`${name}-v1`)).error).toBe('StatementRejected');

    await openInstitution(center(), { name: 'Registered Late', merchants: [{ channel: 'sandbox-bank', merchantNo }] });
    const day = { channel: 'sandbox-bank', merchantNo, date: today() };
    const started = expectStatus(await operator().post('/v1/reconciliations', day), 202);
    expect(started).toMatchObject({ outcome: 'queued', executionName: `${name}-v2` });
    expect((await ended(`${name}-v2`)).states.at(-1)).toBe('Balanced');
    const once = await operator().post('/v1/reconciliations', { key: textAt(started, 'key') });
    expect(valueAt(once.body, 'code')).toBe('already_reconciled');
    const none = await operator().post('/v1/reconciliations', { ...day, date: '2026-01-01' });
    expect(none.status).toBe(404);

    const month = { channel: 'sandbox-bank', merchantNo, month: today().slice(0, 7) };
    const filled = expectStatus(await operator().post('/v1/admin/statement-backfills', month), 202);
    const [known, ...others] = listAt(filled, 'items').filter((each) => textAt(each, 'outcome') !== 'no_file');
    expect([known, others]).toMatchObject([{ date: today(), outcome: 'known', status: 'balanced' }, []]);
  });
});

describe('a statement that is brought by the API', () => {
  let bank: Merchant;
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  beforeAll(async () => {
    bank = await oneBank('Brings Its Files');
  });

  const ask = (client: ApiClient, content: string, changes: object = {}) => {
    const { channel, merchantNo } = bank;
    const day = { channel, merchantNo, date: today(), fileName: 'brought.csv' };
    const body = { ...day, size: Buffer.byteLength(content), sha256: sha256(content), ...changes };
    return client.post('/v1/statement-uploads', body);
  };

  const put = (answer: Awaited<ReturnType<typeof ask>>, content: string) => {
    const { 'x-amz-checksum-sha256': checksum } = valueAt(expectStatus(answer, 201), 'headers') as Record<
      string,
      string
    >;
    return fetch(textAt(answer.body, 'url'), {
      method: 'PUT',
      headers: { 'x-amz-checksum-sha256': checksum ?? '' },
      body: content,
    });
  };

  test('is refused by S3 where it is another, and reconciled where it is the one that was asked for', async () => {
    const content = csvFile([]).toString();
    const link = await ask(operator(), content);
    // as long, and longer: the checksum does not hold, the signature does not hold
    expect((await put(link, content.replace(/[a-z]/, '#'))).status).toBe(400);
    expect((await put(link, `${content} `)).status).toBe(403);
    expect((await put(link, content)).status).toBe(200);
    expect((await ended(executionName(bank, 1))).states.at(-1)).toBe('Balanced');
    const again = expectStatus(await ask(operator(), content, { fileName: 'again.csv' }), 200);
    expect(again).toMatchObject({
      outcome: 'known',
      url: null,
      reconciliation: { id: idOf(bank), status: 'balanced' },
    });
  });

  test('is turned away by name where something else was put under its name', async () => {
    const content = `${csvFile([]).toString()}\n`;
    expectStatus(await ask(operator(), content, { fileName: 'other.csv' }), 201);
    await dropFile(`statements/sandbox-bank/${bank.merchantNo}/${today()}/other.csv`, 'something else');
    await ended(executionName(bank, 2));
    expect(await shown(bank, 2)).toMatchObject({ status: 'rejected', rejection: { reason: 'wrong_checksum' } });
  });

  test('is for operators: an institution that brought statements could credit itself', async () => {
    expect((await ask(bank.institution.client, 'anything')).status).toBe(403);
  });
});

describe('a calendar', () => {
  test('shows what is expected, what is late and what came, and takes no word for a day that is not over', async () => {
    const bank = await oneBank('Expected Days');
    const { channel, merchantNo } = bank;
    const value = {
      channel,
      merchantNo,
      from: '2026-01-01',
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      due: { daysAfter: 0, at: '00:00' },
      emptyDays: 'confirmed',
    };
    const id = `bank-${merchantNo}`;
    const entry = { kind: 'statement-calendars', value, reason: 'agreed with the bank' };
    expectStatus(await operator().put(`/v1/admin/statement-calendars/${id}`, entry), 200);
    const path = `/v1/admin/expected-statements?date=${today()}&channel=${channel}&merchantNo=${merchantNo}`;
    const expected = async () => listAt(expectStatus(await operator().get(path), 200), 'items')[0] ?? null;
    expect(await expected()).toMatchObject({ status: 'late', reconciliation: null });

    await pay(bank.institution, { topUps: [1_000] });
    const place = `/v1/admin/expected-statements/${channel}/${merchantNo}/${today()}/confirm-empty`;
    const word = await operator().post(place, { note: 'nothing happened' });
    expect(valueAt(word.body, 'code')).toBe('day_not_over');

    await dropStatement(bank);
    expect((await ended(executionName(bank, 1))).states.at(-1)).toBe('Balanced');
    expect(await expected()).toMatchObject({ status: 'received', reconciliation: { version: 1, status: 'balanced' } });
    expect(numberAt(await shown(bank), 'lateSeconds')).toBeGreaterThan(0);
  });
});
