/** A statement profile by its id, as operators left it. */
import type { Channels } from '../channels.ts';
import { findEntry } from './configuration-store.ts';
import { type StatementProfile, statementProfileKind } from './kinds/statement-profile.ts';

/** 1 read unit per 4 KiB: a profile has one or two. */
export async function findStatementProfile(
  { table }: Pick<Channels, 'table'>,
  id: string,
): Promise<StatementProfile | undefined> {
  const entry = await findEntry(table, 'statement-profiles', id);
  return entry && statementProfileKind.read(entry.id, entry.value);
}
