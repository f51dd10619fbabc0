/** Speaks to the sandbox in XML, signed by RSA. */
import type { ChannelAdapter } from '../channel-adapter.ts';
import type { MerchantCredentials } from '../credentials/merchant-credentials.ts';
import type { SandboxLine } from './sandbox-client.ts';
import { xmlDialect } from './sandbox-dialect.ts';
import { sandboxOperations } from './sandbox-operations.ts';

/**
 * @param merchantCredentials `privateKey` of a merchant number and the sandbox's `channelPublicKey`, which it tells when a
 *   merchant's key is registered (`/control/keys`); a merchant number without them is refused `no_credentials`
 */
export const sandboxXmlAdapter = (line: SandboxLine, merchantCredentials: MerchantCredentials): ChannelAdapter =>
  sandboxOperations(line, xmlDialect(merchantCredentials));
