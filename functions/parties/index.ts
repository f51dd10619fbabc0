/** The door of `parties`: institutions, their members, the cards that they bound, and verifications. */
export type { AddingAgreements } from './add-agreements.ts';
export type { CardBinding, Signing } from './bind-card.ts';
export type { Binding, BindingKind } from './binding.ts';
export { findBinding } from './binding-store.ts';
export type { ChangingBindings } from './change-binding.ts';
export type { ClosingMembers } from './close-member.ts';
export { findDefault } from './default-store.ts';
export { findInstitution, type Institution } from './institution-store.ts';
export { findMember, type Member } from './member-store.ts';
export { institutionExecutor, type Opening } from './open-institution.ts';
export { institutionAccountExecutor } from './open-institution-account.ts';
export type { MemberOpening } from './open-member-account.ts';
export type { Parties } from './parties.ts';
export { opener, recogniser, sealer } from './personal-data.ts';
export type { Resealing } from './reseal.ts';
export type { Registering } from './settlement-accounts.ts';
export type { Unbinding } from './unbind-card.ts';
export { requestNoOf, type Verification } from './verification/verification.ts';
export { chargesOf } from './verification/verification-charges.ts';
export {
  listVerifications,
  type VerificationFilter,
  type VerificationListRequest,
} from './verification/verification-list-store.ts';
export { verificationPolicy } from './verification/verification-policy.ts';
export { verificationSchema } from './verification/verification-schemas.ts';
export {
  isVerdict,
  type VerificationStatus,
  verificationEvents,
  verificationStatusAfter,
} from './verification/verification-states.ts';
export { findVerification, isVerificationItem, verificationFromItem } from './verification/verification-store.ts';
export { verificationView } from './verification/verification-view.ts';
export { checkVerifications } from './verification/verifications-check.ts';
export type { Confirming, VerificationBooks, Verifying } from './verification/verifying.ts';
