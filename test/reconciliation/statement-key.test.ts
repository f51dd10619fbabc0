import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  executionNameOf,
  isUnreadable,
  reconciliationIdOf,
  seriesOf,
} from '../../functions/reconciliation/statement-key.ts';

describe('the key of a statement', () => {
  test('names channel, merchant number and day', () => {
    const series = seriesOf('statements/sandbox-bank/880001/2026-03-01/880001-2026-03-01.csv');
    expect(series).toEqual({ channel: 'sandbox-bank', merchantNo: '880001', date: '2026-03-01' });
    expect(executionNameOf(series, 2)).toBe('sandbox-bank-880001-2026-03-01-v2');
  });

  test.each([
    'statements/file.csv',
    'statements/sandbox-bank/880001/2026-02-30/file.csv',
    'statements/sandbox-bank/880001/20260301/file.csv',
    'statements/sandbox-bank/880001/2026-03-01/folder/file.csv',
    'statements/Sandbox Bank/880001/2026-03-01/file.csv',
    'statements/sandbox-bank/商户/2026-03-01/file.csv',
    'reports/sandbox-bank/880001/2026-03-01/file.csv',
  ])('can not be read from %s', (key) => {
    expect(isUnreadable(seriesOf(key))).toBe(true);
  });

  test('whatever it is, gives a name that Step Functions takes, and another one for another key or version', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 1, max: 99_999 }),
        (tail, version) => {
          const series = seriesOf(`statements/${tail}`);
          const name = executionNameOf(series, version);
          expect(name).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
          expect(name).not.toBe(executionNameOf(series, version + 1));
          expect(name).not.toBe(executionNameOf(seriesOf(`statements/${tail}x`), version));
        },
      ),
    );
  });

  test('gives the same id for the same version and another one for the next', () => {
    const series = seriesOf('statements/sandbox-bank/880001/2026-03-01/a.csv');
    expect(reconciliationIdOf(series, 1)).toBe(
      reconciliationIdOf(seriesOf('statements/sandbox-bank/880001/2026-03-01/b.csv'), 1),
    );
    expect(reconciliationIdOf(series, 1)).not.toBe(reconciliationIdOf(series, 2));
  });
});
