/** Speaks to the sandbox in JSON, signed by HMAC. */
import type { ChannelAdapter } from '../channel-adapter.ts';
import type { MerchantCredentials } from '../credentials/merchant-credentials.ts';
import type { SandboxEndpoint } from './sandbox-client.ts';
import { jsonDialect } from './sandbox-dialect.ts';
import { sandboxOperations } from './sandbox-operations.ts';

/** @param merchantCredentials `secret` of a merchant number; without any it signs with the endpoint's */
export const sandboxAdapter = (
  endpoint: SandboxEndpoint,
  merchantCredentials: MerchantCredentials = async () => undefined,
): ChannelAdapter => sandboxOperations(endpoint, jsonDialect(endpoint.secret, merchantCredentials));
