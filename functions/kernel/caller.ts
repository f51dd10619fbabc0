/** Who calls, and what of the center's things a caller may see. */
import type { InstitutionId } from './ids.ts';
import { type Refusal, refuse } from './refusal.ts';

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

/** Whose list is asked for: an institution's own, or the one that an operator names. */
export function chosenInstitution(
  caller: Caller,
  wanted: InstitutionId | undefined,
): InstitutionId | Refusal<'institution_required' | 'not_found'> {
  if (caller.kind === 'operator') {
    return wanted ?? refuse('institution_required', 'An operator names the institution: ?institutionId=');
  }
  const foreign = wanted !== undefined && wanted !== caller.institutionId;
  return foreign ? refuse('not_found', 'There is no such institution.') : caller.institutionId;
}

/** Whether a thing may be shown; what belongs to no institution is for operators only. */
export const inScope = (scope: Scope, owner: InstitutionId | undefined): boolean =>
  scope === 'everyone' || scope === owner;

/** Who asked for something, as the books keep it: `operator:<client id>` or `institution:<client id>`. */
export type Signature = `${Caller['kind']}:${string}`;

export const signatureOf = ({ kind, clientId }: Caller): Signature => `${kind}:${clientId}`;
