/** The deployed stack for end-to-end tests, reached as any outsider reaches it. */
import { randomInt } from 'node:crypto';
import { type Center, centerAt } from '../../local/outsider/center.ts';
import { type Institution, openInstitution } from '../../local/outsider/onboarding.ts';
import { type OutputName, type Outputs, output, readOutputs } from '../../local/outsider/outputs.ts';

export { type ApiClient, apiClient, expectStatus, type Reply } from '../../local/outsider/api-client.ts';
export { listAt, numberAt, textAt, valueAt } from '../../local/outsider/json.ts';
export { approve, type Institution } from '../../local/outsider/onboarding.ts';

export const sandboxChannels = ['sandbox-wallet', 'sandbox-bank'] as const;
export type SandboxChannel = (typeof sandboxChannels)[number];

let held: Center | undefined;

/** Bootstrap operators, a caller without a token, AWS clients: one set for a test file, since tokens are kept in it. */
export function center(): Center {
  held ??= centerAt(outputs());
  return held;
}

export function outputs(): Outputs {
  const path = process.env['FUND_CENTER_OUTPUTS'];
  if (path === undefined) throw new Error('FUND_CENTER_OUTPUTS must name the file with the outputs of the deployment');
  return readOutputs(path);
}

export const deployed = (name: OutputName): string => output(outputs(), name);
export const operator = () => center().operator;
export const approver = () => center().approver;
export const anonymous = () => center().anonymous;

/** A merchant number that no other test uses. */
export const newMerchantNo = (): string => `19${String(randomInt(1e8)).padStart(8, '0')}`;

/** An approved institution with credentials and a settlement account at each channel, in the order of their priority. */
export const approvedInstitution = (
  name = 'Harbour Group',
  channels: readonly SandboxChannel[] = sandboxChannels,
): Promise<Institution> =>
  openInstitution(center(), { name, merchants: channels.map((channel) => ({ channel, merchantNo: newMerchantNo() })) });

/** Calls `look` until it gives a value. @throws Error when it gave none in time. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>, timeoutMs = 60_000): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
