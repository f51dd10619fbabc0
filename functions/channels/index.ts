/** The door of the context `channels`: what the center knows of payment companies and banks, and how it speaks to them. */
export { sandboxAdapter } from './adapters/sandbox-adapter.ts';
export {
  callSandbox,
  channelTimeoutMs,
  type SandboxAnswer,
  type SandboxEndpoint,
  sandboxEndpoint,
} from './adapters/sandbox-client.ts';
export {
  type Channel,
  type ChannelId,
  channelCost,
  channelIdSchema,
  type Product,
  productSchema,
  products,
  type StatementFormat,
  sandboxChannels,
} from './catalogue.ts';
export type {
  BindRequest,
  BindResult,
  ChannelAdapter,
  ChannelOrder,
  ChannelOrderReference,
  ChannelRefusal,
  ChannelResult,
  QueryResult,
  Unknown,
  VerificationResult,
  VerifyIdentityRequest,
} from './channel-adapter.ts';
export { adapterOf, type Channels, findChannel } from './channels.ts';
export {
  findMerchant,
  highestPriority,
  type Merchant,
  merchantNoSchema,
  merchantsOf,
  registerMerchantWrites,
} from './merchant-store.ts';
