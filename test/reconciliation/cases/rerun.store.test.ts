import { beforeAll, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import { noteRejection } from '../../../functions/reconciliation/batch-store.ts';
import { noteFault } from '../../../functions/reconciliation/operations/batch-state-store.ts';
import { rerunAskedDay, rerunResolvedDay, rerunStatement } from '../../../functions/reconciliation/rerun.ts';
import { askRerunWrite, readRerunRequest } from '../../../functions/reconciliation/rerun-request-store.ts';
import { executionNameOf, reconciliationIdOf } from '../../../functions/reconciliation/statement-key.ts';
import { engines } from '../../support/engines.ts';
import { lineOf } from '../paid-day.ts';
import { approvalOf, createTables, openCaseDay, type Tables } from './case-day.ts';

describe.each(engines)('a statement that is worked on again on $name', (engine) => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await createTables(engine.client());
  });

  async function differingDay() {
    const day = await openCaseDay(tables);
    const payment = await day.topUp();
    await day.reconcile([lineOf(payment), lineOf(payment, { orderNo: 'STRANGE', tradeNo: 'X-1' })]);
    const started: string[] = [];
    const needs = { ...day.cases, startExecution: async ({ name }: { name: string }) => void started.push(name) };
    const id = reconciliationIdOf(day.statement, 1);
    return { day, needs, started, id, payment };
  }

  test('is the next version of its day with the same file, once for each operation', async () => {
    const { needs, started, id } = await differingDay();
    const operationId = ulid();
    const first = await rerunStatement(needs, { id, operationId });
    expect(first).toMatchObject({ version: 2, status: 'running', rerunOf: id, file: { sha256: expect.any(String) } });
    expect(await rerunStatement(needs, { id, operationId })).toMatchObject({ version: 2 });
    expect(new Set(started).size).toBe(1);
    expect(await rerunStatement(needs, { id, operationId: ulid() })).toMatchObject({ refused: 'not_newest_version' });
    if (isRefusal(first)) throw new Error(first.detail);
    expect(await rerunStatement(needs, { id: first.id, operationId: ulid() })).toMatchObject({
      refused: 'statement_at_work',
    });
  });

  test('that failed does not keep it from being worked on once more', async () => {
    const { needs, id } = await differingDay();
    const second = await rerunStatement(needs, { id, operationId: ulid() });
    if (isRefusal(second)) throw new Error(second.detail);
    await noteFault(needs.table, second.id, { executionName: second.executionName, redrives: 0 });
    expect(await rerunStatement(needs, { id, operationId: ulid() })).toMatchObject({ version: 3 });
  });

  test('begins by itself when the last case is resolved, once, and not before', async () => {
    const { day, needs, started, payment } = await differingDay();
    expect(await rerunResolvedDay(needs, day.statement)).toBeUndefined();
    await day.approve(approvalOf(await day.propose(await day.one(), { kind: 'write_off' })));
    const again = await Promise.all([1, 2, 3].map(() => rerunResolvedDay(needs, day.statement)));
    expect(again.filter((each) => each !== undefined && each.version !== 2)).toEqual([]);
    expect(new Set(started)).toEqual(new Set([expect.stringMatching(/-v2$/)]));
    // told again while that version is at work, it is found started
    expect(await rerunResolvedDay(needs, day.statement)).toMatchObject({ version: 2 });
    expect(payment.status).toBe('succeeded');
  });

  describe('while its corrected file has failed', () => {
    async function failedCorrection() {
      const differing = await differingDay();
      const { day, needs } = differing;
      const { version, reconciliationId } = await day.receive();
      const executionName = executionNameOf(day.statement, version);
      await noteFault(needs.table, reconciliationId, { executionName, redrives: 0 });
      return { ...differing, version };
    }

    test('does not begin by itself in place of that', async () => {
      const { day, needs, started } = await failedCorrection();
      await day.approve(approvalOf(await day.propose(await day.one(), { kind: 'write_off' })));
      expect(await rerunResolvedDay(needs, day.statement)).toBeUndefined();
      expect(started).toEqual([]);
    });

    test('does not begin in place of that where another day asks for it', async () => {
      const { day, needs, started, version: afterVersion } = await failedCorrection();
      const asked = { day: day.statement, cause: 'settlement_told', afterVersion, notBefore: new Date(0) } as const;
      await needs.commit([askRerunWrite(needs.table, asked)]);
      expect(await rerunAskedDay(needs, day.statement)).toBeUndefined();
      expect(started).toEqual([]);
      // it waits for whoever redrives that
      expect(await readRerunRequest(needs.table, day.statement)).toMatchObject({ afterVersion });
    });
  });

  describe('that another day has asked for', () => {
    async function asked() {
      const differing = await differingDay();
      const { day, needs } = differing;
      const request = { day: day.statement, cause: 'line_withdrawn', afterVersion: 1, notBefore: new Date(0) } as const;
      await needs.commit([askRerunWrite(needs.table, request)]);
      const begun = await rerunAskedDay(needs, day.statement);
      if (!begun) throw new Error('it was not begun');
      return { ...differing, begun };
    }

    test('is not begun over and over where its file is turned away by now', async () => {
      const { day, needs, begun } = await asked();
      await noteRejection(needs.table, begun.id, { reason: 'unknown_merchant', detail: 'gone' }, new Date(0));
      expect(await rerunAskedDay(needs, day.statement)).toBeUndefined();
      expect(await readRerunRequest(needs.table, day.statement)).toBeUndefined();
    });

    test('is started where its start was lost and it was asked for anew meanwhile', async () => {
      const { day, needs, begun, started } = await asked();
      started.length = 0;
      const anew = { day: day.statement, cause: 'settlement_told', afterVersion: 2, notBefore: new Date(0) } as const;
      await needs.commit([askRerunWrite(needs.table, anew)]);
      expect(await rerunAskedDay(needs, day.statement)).toMatchObject({ version: 2 });
      expect(started).toEqual([begun.executionName]);
    });
  });

  test('asks for another run where a payment was corrected while it was at work', async () => {
    let now = Date.parse('2026-03-02T04:00:00Z');
    const clock = () => {
      now += 1_000;
      return new Date(now);
    };
    const day = await openCaseDay(tables, () => 'refuses', clock);
    const payment = await day.topUp();
    await day.reconcile([lineOf(payment)]);
    const approval = approvalOf(await day.propose(await day.one(), { kind: 'complete_payment' }));
    // a corrected file without the line has been matched when the approval comes: what it compared is out of date
    const { settled, handled } = await day.reconcile([], undefined, () => day.approve(approval));
    expect(handled).toMatchObject({ reversed: 0, kept: 0 });
    expect(settled).toMatchObject({ status: 'differing', openDifferences: 0 });
    const started: string[] = [];
    const needs = { ...day.cases, startExecution: async ({ name }: { name: string }) => void started.push(name) };
    expect(await rerunResolvedDay(needs, day.statement)).toMatchObject({ version: 3 });
    expect(await day.findings()).toEqual([]);
  });
});
