import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { bundleFolder, bundleHandlers, handlerEntries } from '../bundles.ts';

let bundles: string | undefined;

/**
 * One handler's bundle; all are made when the first is asked for.
 *
 * @param entry the handler's file under `functions/`, such as `payments/handlers/create-top-up.ts`
 */
export function bundledHandler(scope: Construct, entry: string): Code {
  // CDK's own switch, for those who only look at templates
  if (!Stack.of(scope).bundlingRequired) return Code.fromInline('// not bundled');
  bundles ??= bundleAllHandlers();
  return Code.fromAsset(bundleFolder(bundles, entry));
}

/** @returns the folder of the bundles, which goes with this process */
function bundleAllHandlers(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fund-center-bundles-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  bundleHandlers(handlerEntries(), folder);
  return folder;
}
