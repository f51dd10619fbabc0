import type { Caller } from '../kernel/caller.ts';
import type { InstitutionId } from '../kernel/ids.ts';

/** @throws Error for an operator, whom routes for institutions do not let in. */
export function institutionOf(caller: Caller): InstitutionId {
  if (caller.kind !== 'institution') throw new Error('only an institution calls this');
  return caller.institutionId;
}
