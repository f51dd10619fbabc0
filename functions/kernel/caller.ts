/** Who calls, and what of the center's things a caller may see. */
import type { InstitutionId } from './ids.ts';

export type Caller =
  | { readonly kind: 'operator'; readonly clientId: string }
  | { readonly kind: 'institution'; readonly clientId: string; readonly institutionId: InstitutionId };

/** What a caller may see: one institution's things, or everyone's. */
export type Scope = InstitutionId | 'everyone';

export const scopeOf = (caller: Caller): Scope => (caller.kind === 'operator' ? 'everyone' : caller.institutionId);

/** @throws Error for an operator, whom routes for institutions do not let in. */
export function institutionOf(caller: Caller): InstitutionId {
  if (caller.kind !== 'institution') throw new Error('only an institution calls this');
  return caller.institutionId;
}

/** Whether a thing may be shown; what belongs to no institution is for operators only. */
export const inScope = (scope: Scope, owner: InstitutionId | undefined): boolean =>
  scope === 'everyone' || scope === owner;

/** Who asked for something, as the books keep it: `operator:<client id>` or `institution:<client id>`. */
export type Signature = `${Caller['kind']}:${string}`;

export const signatureOf = ({ kind, clientId }: Caller): Signature => `${kind}:${clientId}`;
