import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bundleFolder, bundleHandlers } from '../../lib/bundles.ts';

const withChannels = 'payments/handlers/receive-callback.ts';
const without = 'ledger/handlers/create-transfer.ts';

describe('a package that lies beside the bundles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
  beforeAll(() => bundleHandlers([withChannels, without], folder), 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is found by a process that has nothing but the bundle', () => {
    const beside = pathToFileURL(join(bundleFolder(folder, withChannels), 'any.mjs')).href;
    const script = `
      const { createRequire } = await import('node:module');
      const { default: Stripe } = await import(createRequire(${JSON.stringify(beside)}).resolve('stripe'));
      console.log(typeof Stripe.webhooks.constructEvent, typeof new Stripe('sk_test_1').paymentIntents.create);
    `;
    const args = ['--input-type=module', '--eval', script];
    expect(execFileSync(process.execPath, args, { cwd: tmpdir(), encoding: 'utf8' }).trim()).toBe('function function');
  });

  test('is left away where nobody speaks to channels', () => {
    expect(existsSync(join(bundleFolder(folder, without), 'node_modules'))).toBe(false);
  });
});
