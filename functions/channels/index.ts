/** The door of the context `channels`: what the center knows of payment companies and banks, and how it speaks to them. */
export { sandboxAdapter } from './adapters/sandbox-adapter.ts';
export {
  callSandbox,
  channelTimeoutMs,
  type SandboxAnswer,
  type SandboxEndpoint,
  type SandboxLine,
  sandboxEndpoint,
  sandboxLine,
} from './adapters/sandbox-client.ts';
export { sandboxXmlAdapter } from './adapters/sandbox-xml-adapter.ts';
export { stripeAdapter } from './adapters/stripe-adapter.ts';
export {
  type AdapterName,
  adapterNames,
  type Channel,
  type ChannelId,
  channelCost,
  channelIdSchema,
  needsAgreement,
  type Product,
  type ProductTerms,
  productSchema,
  products,
  sandboxChannels,
} from './catalogue.ts';
export {
  adapterWith,
  type BindRequest,
  type BindResult,
  type CallbackEvent,
  type CallbackMessage,
  type CallbackResult,
  type Card,
  type ChannelAdapter,
  type ChannelOrderReference,
  type ChannelRefusal,
  type ChannelResult,
  type CollectOrder,
  type CollectResult,
  type ConfirmBindingRequest,
  type CorporateAccount,
  type MerchantReference,
  type OrderKind,
  type PayerAction,
  type PayoutBatch,
  type PayoutBatchResult,
  type PayoutOrder,
  type QueryResult,
  type RefundOrder,
  type ReserveResult,
  type Unknown,
  type VerificationFacts,
  type VerificationReference,
  type VerificationResult,
  type VerifyRequest,
} from './channel-adapter.ts';
export { type Adapters, adapterOf, type Channels, channelsOf, findChannel, operationsOf } from './channels.ts';
export { bankOfCard } from './configuration/bank-of-card.ts';
export { type BuiltInEntry, sandboxConfiguration } from './configuration/built-in.ts';
export type { Configuring, Putting } from './configuration/change-configuration.ts';
export {
  type Bank,
  type BankSwitch,
  type CardBin,
  type CardType,
  type ChargedFee,
  type Configuration,
  type Coverage,
  cardTypes,
  chargedFee,
  configurationOf,
  type Limit,
  type LimitOwner,
  type LimitPeriod,
  limitOwners,
  limitPeriods,
  type RouteCandidate,
  type RouteRule,
} from './configuration/configuration.ts';
export { findArrivalRule } from './configuration/find-arrival-rule.ts';
export { findReconciliationPolicy } from './configuration/find-reconciliation-policy.ts';
export { findStatementProfile } from './configuration/find-statement-profile.ts';
export type { ArrivalRule } from './configuration/kinds/arrival-rule.ts';
export type { KnownFormats } from './configuration/kinds/kind.ts';
export {
  type AutomaticRule,
  defaultPolicy,
  type ReconciliationPolicy,
  type Severity,
  severities,
} from './configuration/kinds/reconciliation-policy.ts';
export {
  emptyDayCustoms,
  type StatementCalendar,
} from './configuration/kinds/statement-calendar.ts';
export {
  type StatementProfile,
  statementProfileSchema,
} from './configuration/kinds/statement-profile.ts';
export { profileColumns } from './configuration/kinds/statement-profile-flaws.ts';
export { isOpenAt, type OpeningHours, type OpenSpan, type Weekday } from './configuration/opening-hours.ts';
export { readConfiguration } from './configuration/read-configuration.ts';
export { calendarOf, readStatementCalendars } from './configuration/read-statement-calendars.ts';
export type { MerchantKeeping } from './credentials/change-merchant.ts';
export type { Credentials } from './credentials/credentials.ts';
export { type MerchantCredentials, merchantCredentials } from './credentials/merchant-credentials.ts';
export { type SecretVault, secretVault } from './credentials/secret-vault.ts';
export { type Fee, type FeeSchedule, type FeeTier, type FeeVersion, feeOf, feeOn, flatFee, shareFee } from './fees.ts';
export {
  findMerchant,
  highestPriority,
  type Merchant,
  type MerchantStatus,
  merchantNoSchema,
  merchantsAt,
  merchantsOf,
  registerMerchantWrites,
} from './merchant-store.ts';
export { exchangeWrites, releaseWrites, reserveWrites } from './routing/counter-store.ts';
export { explainRoutes, findRoutes } from './routing/find-routes.ts';
export { type HealthReader, healthReader } from './routing/health-reader.ts';
export { maximumAttempts } from './routing/judge.ts';
export { type CircuitChange, noteOutcomes, type Observing } from './routing/note-outcomes.ts';
export { type RefreshReport, refreshReserves } from './routing/refresh-reserves.ts';
export { isLowReserveItem, type LowReserve, listReserves, lowReserveFromItem } from './routing/reserve-store.ts';

export {
  type Agreements,
  type ChannelOutcome,
  type LeftReason,
  type Reservation,
  type Route,
  type Routing,
  type RoutingRequest,
  reservationSchema,
  type Verdict,
} from './routing/route.ts';
export { levelOf, type ReserveLevel, type ReserveRefusal, type Reserves, setReserve } from './routing/tell-reserve.ts';
