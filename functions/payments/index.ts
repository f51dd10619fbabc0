/** The door of the context `payments`. */
export { queryOrder } from './ask-channel.ts';
export { batchReferenceIn, batchReferenceOf } from './batches/batch.ts';
export { batchQueue } from './batches/batch-queue.ts';
export type { Batches } from './batches/batches.ts';
export type { Callbacks, Contradictions } from './callbacks/callbacks.ts';
export { lookQueue } from './callbacks/look-queue.ts';
export { type ExpectedDay, expectationShards } from './expected-day.ts';
export { followUpQueue } from './follow-up-queue.ts';
export { followUpSchedule } from './follow-up-schedule.ts';
export type { Sweeping } from './open/sweep-unfinished.ts';
export {
  type ChannelCall,
  type Payment,
  type PaymentChange,
  type PaymentKind,
  paymentIdOf,
  paymentIdOfOrder,
  returnIdOf,
} from './payment.ts';
export { type ExpectedPayment, expectedPayments } from './payment-list-store.ts';
export type { PaymentStatus } from './payment-states.ts';
export { isPaymentItem, paymentFromItem, readPayment } from './payment-store.ts';
export type { OrderQueries, PaymentBooks, Payments } from './payments.ts';
export { checkPayments } from './postings-check.ts';
export { type PreparedRepair, prepareCompletion, prepareRevocation, type RepairRefusal } from './repair-payment.ts';
export { type PayoutReturn, prepareReturn, type ReturnRefusal, returnPayout } from './return-payout.ts';
export { completeFromStatement, failFromStatement, type StatementRefusal } from './settle-from-statement.ts';
export { transactionView } from './transaction-view.ts';
