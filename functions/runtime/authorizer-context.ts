/** Who calls, as the Lambda authorizer hands it to every function behind the API: flat strings. */
import * as z from 'zod';
import type { Caller } from '../kernel/caller.ts';
import type { InstitutionId } from '../kernel/ids.ts';

const contextSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('operator'), clientId: z.string().min(1) }),
  z.object({
    kind: z.literal('institution'),
    clientId: z.string().min(1),
    institutionId: z.string().transform((id) => id as InstitutionId), // our own authorizer wrote it
  }),
  z.object({ kind: z.literal('nobody'), reason: z.string() }),
]);

export type AuthorizerContext = z.input<typeof contextSchema>;

/** @returns the caller, or why nobody could be recognised. A request without any context is nobody. */
export function callerFrom(context: unknown): Caller | { readonly kind: 'nobody'; readonly reason: string } {
  const parsed = contextSchema.safeParse(context);
  return parsed.success ? parsed.data : { kind: 'nobody', reason: 'the request carries no bearer token' };
}
