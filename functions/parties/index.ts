/** The door of `parties`: institutions, their members and the cards that they bound. */
export type { CardBinding } from './bind-card.ts';
export { type Binding, findBinding } from './binding-store.ts';
export { findInstitution, type Institution } from './institution-store.ts';
export { findMember, type Member } from './member-store.ts';
export { institutionExecutor, type Opening } from './open-institution.ts';
export { institutionAccountExecutor } from './open-institution-account.ts';
export type { MemberOpening } from './open-member-account.ts';
export type { Parties } from './parties.ts';
export { cardRecogniser, sealer } from './personal-data.ts';
export type { Registering } from './settlement-accounts.ts';
export type { Unbinding } from './unbind-card.ts';
