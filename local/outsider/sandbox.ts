/** The sandbox channel's control operations, signed as it demands; its README says which there are. */
import { callSandbox, sandboxEndpoint } from '../../functions/channels/adapters/sandbox-client.ts';
import type { Center } from './center.ts';
import type { Json } from './json.ts';
import { output } from './outputs.ts';

/** Tests and demonstrations wait longer than a payment would. */
const timeoutMs = 30_000;

/**
 * @param operation such as `/control/statements`
 * @throws Error with the sandbox's answer when it is no success.
 */
export async function controlSandbox(center: Center, operation: `/control/${string}`, input: object): Promise<Json> {
  const endpoint = sandboxEndpoint({
    baseUrl: output(center.outputs, 'SandboxChannelUrl'),
    secret: () => center.readSecret(output(center.outputs, 'SandboxControlSecretArn')),
    timeoutMs,
  });
  const answer = await callSandbox(endpoint, operation, input);
  if (answer.outcome === 'answered' && answer.status === 200) return answer.body as Json; // parsed from JSON
  throw new Error(`the sandbox did not do ${operation}: ${JSON.stringify(answer)}`);
}
