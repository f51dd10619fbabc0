/** The formats that a channel delivers: files of `formats/`, and profiles that operators write. */
import {
  type Channels,
  findStatementProfile,
  type StatementProfile,
  statementProfileSchema,
} from '../channels/index.ts';
import { readJson, type WorkingFiles, writeJson } from './files.ts';
import { formatNamed } from './reading/catalogue.ts';
import { formatOfProfile, profilePrefix } from './reading/profile/profile-format.ts';
import type { StatementFormat } from './reading/statement-format.ts';
import { isRejection, type Rejection, reject } from './rejection.ts';
import type { Identified, Run } from './run.ts';
import { workingKeys } from './working-keys.ts';

export interface Delivered {
  readonly format: StatementFormat;
  /** of a format that operators write */
  readonly profile?: StatementProfile;
}

/** @param names as a channel or a merchant number has them. 1 read unit per 4 KiB of profiles */
export async function deliveredFormats(
  { channels, formatNames }: { readonly channels: Pick<Channels, 'table'>; readonly formatNames: readonly string[] },
  names: readonly string[],
): Promise<readonly Delivered[] | Rejection> {
  const found = await Promise.all(
    names.map(async (name): Promise<Delivered | Rejection> => {
      if (name.startsWith(profilePrefix)) {
        const profile = await findStatementProfile(channels, name.slice(profilePrefix.length));
        if (profile) return { format: formatOfProfile(name, profile), profile };
      } else if (formatNames.includes(name)) return { format: await formatNamed(name) };
      return reject('unknown_format', `The channel delivers ${name}, which is no format and no profile.`);
    }),
  );
  const delivered: Delivered[] = [];
  for (const each of found) {
    if (isRejection(each)) return each;
    delivered.push(each);
  }
  return delivered;
}

type RunFormat = Pick<Run, 'reconciliationId'> & { readonly identified: Pick<Identified, 'format'> };

/** Keeps the profile that a run goes by: an operator may change it while the run, or its repetition, is at work. */
export const keepProfile = (
  files: WorkingFiles,
  { reconciliationId }: Pick<Run, 'reconciliationId'>,
  profile: StatementProfile,
) => writeJson(files, workingKeys(reconciliationId).profile, profile);

/** The format that Identify found, for the steps after it. */
export async function formatOfRun(
  files: WorkingFiles,
  { reconciliationId, identified }: RunFormat,
): Promise<StatementFormat> {
  const { format } = identified;
  if (!format.startsWith(profilePrefix)) return formatNamed(format);
  const profile = await readJson(files, workingKeys(reconciliationId).profile);
  return formatOfProfile(format, statementProfileSchema.parse(profile));
}
