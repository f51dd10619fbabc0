/** Days of cases that are audited after each test: call it in a `describe`. */
import { afterEach, beforeAll, expect } from '@jest/globals';
import type { Engine } from '../../support/engines.ts';
import { type CaseDay, createTables, openCaseDay, type Tables } from './case-day.ts';

type Opening = Parameters<typeof openCaseDay> extends [unknown, ...infer Rest] ? Rest : never;

/** @returns what opens a day on tables of the engine, as {@link openCaseDay} does */
export function auditedCaseDays(engine: Engine): (...opening: Opening) => Promise<CaseDay> {
  let tables: Tables;
  let days: CaseDay[] = [];
  beforeAll(async () => {
    tables = await createTables(engine.client());
  });
  afterEach(async () => {
    for (const day of days) expect(await day.findings()).toEqual([]);
    days = [];
  });
  return async (...opening) => {
    const day = await openCaseDay(tables, ...opening);
    days.push(day);
    return day;
  };
}
