import type * as z from 'zod';
import type { Caller } from '../../kernel/caller.ts';
import type { AccountingDate } from '../../kernel/clock.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { type BookFiles, linkBookFile } from './report-file.ts';
import { institutionOf, ownerAskedFor } from './report-owner.ts';
import type { bookFileSchema } from './report-schemas.ts';

type Query = { readonly date: AccountingDate; readonly institutionId?: Parameters<typeof ownerAskedFor>[1] };

/** A file is one owner's: an operator has to say whose. */
export async function bookFileAnswer(
  files: BookFiles,
  kind: 'generalLedger' | 'journal',
  { caller, query }: { readonly caller: Caller; readonly query: Query },
): Promise<z.input<typeof bookFileSchema> | Refusal<'not_found' | 'institution_required' | 'day_not_closed'>> {
  const owner = ownerAskedFor(caller, query.institutionId);
  if (isRefusal(owner)) return owner;
  if (owner === undefined) return refuse('institution_required', 'Say whose file: `institutionId`, or `center`.');
  const file = await linkBookFile(files, { date: query.date, owner, kind });
  if (isRefusal(file)) return file;
  const { lines, bytes, sha256, url, expiresAt } = file;
  return {
    date: query.date,
    institutionId: institutionOf(owner) ?? '',
    status: 'closed',
    lines,
    bytes,
    sha256,
    url,
    expiresAt: expiresAt.toISOString(),
  };
}
