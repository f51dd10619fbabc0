/** The formats in which statements come, as channels and merchant numbers name them. */
import * as z from 'zod';
import type { Flaw, KnownFormats } from './kind.ts';

/** How a channel names a profile that operators wrote. */
const profilePrefix = 'profile:';

export const statementFormatsSchema = z
  .array(z.string().regex(/^(profile:)?[a-z0-9][a-z0-9-]{0,59}$/, 'is no name of a format'))
  .max(10)
  .meta({
    description: 'names of formats, and profile:<id> of statement profiles',
    example: ['wechat-tradebill', 'profile:city-bank'],
  });

/** A name twice, one of no format, one of no profile. 1 read unit per 4 KiB of each profile. */
export async function* formatFlaws(
  names: readonly string[],
  { formatNames, hasStatementProfile }: KnownFormats,
): AsyncIterable<Flaw> {
  for (const [index, name] of names.entries()) {
    const field = `statementFormats.${index}`;
    if (names.indexOf(name) !== index) yield { field, message: `names ${name} twice` };
    else if (!name.startsWith(profilePrefix)) {
      if (!formatNames.includes(name)) yield { field, message: `there is no statement format ${name}` };
    } else if (!(await hasStatementProfile(name.slice(profilePrefix.length)))) {
      yield { field, message: `there is no statement profile ${name.slice(profilePrefix.length)}` };
    }
  }
}
