import { describe, expect, test } from '@jest/globals';
import { bundleKilobytes, coldImportMs } from '../../bench/handler-bundle.ts';

describe('the bundle of a handler', () => {
  test('that tops up an account stays below 310 KB', () => {
    expect(bundleKilobytes('payments/handlers/create-top-up.ts')).toBeLessThan(310);
  });

  test('can be imported by a process that has nothing but it', () => {
    expect(coldImportMs('payments/handlers/create-top-up.ts', { processes: 1 })).toBeGreaterThan(0);
  });
});
