/** An operator puts or deletes one thing; what was and what is goes on record in the same transaction. */
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../kernel/clock.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { type CommitWrites, RacesLost } from '../../kernel/write.ts';
import { type Channels, operationsOf } from '../channels.ts';
import { findMerchant } from '../merchant-store.ts';
import { type Change, changeOfOperation, lastChange, recordChangeWrites } from './change-store.ts';
import { deleteEntryWrite, findEntry, listEntries, putEntryWrite, type StoredEntry } from './configuration-store.ts';
import { findUser } from './find-user.ts';
import type { Flaw } from './kinds/kind.ts';
import type { KindName } from './kinds/kind-names.ts';
import { kinds } from './kinds/kinds.ts';
import { readConfiguration } from './read-configuration.ts';

export interface Configuring {
  readonly channels: Pick<Channels, 'table' | 'adapters' | 'builtIn'>;
  readonly commit: CommitWrites;
  readonly clock: Clock;
}

/** What values are held against besides. */
export interface Putting extends Configuring {
  /** of the statement formats that reconciliation reads */
  readonly formatNames: readonly string[];
}

interface Wanted {
  readonly kind: KindName;
  readonly id: string;
  /** what the operator has seen; 0 for nothing stored. Left out: whatever is there */
  readonly version?: number | undefined;
  readonly changedBy: string;
  readonly reason?: string | undefined;
  readonly operationId: string;
}

/** What an operator sends, for the place that the path names. */
interface Put extends Omit<Wanted, 'version' | 'reason'> {
  readonly put: Pick<Wanted, 'kind' | 'version' | 'reason'> & { readonly value: unknown };
}

export type ConfigurationRefusal = 'not_found' | 'invalid_configuration' | 'changed_meanwhile' | 'in_use';

/**
 * Stores a value that the kind's schema has let through. Laws in this order: body and path name one kind, the id fits it, and nothing that the
 * value names is missing (`invalid_configuration`, with each flaw at its field); nobody was faster than what the operator
 * has seen (`changed_meanwhile`). A value that is there already changes nothing and leaves no record.
 *
 * Cost: 3 read units and those of the configuration, 6 write units per KiB. A change works everywhere within 5 s.
 *
 * @throws RacesLost where others were faster again and again, and the operator named no version
 */
export async function putConfiguration(
  configuring: Putting,
  { put: { kind: named, value, ...facts }, ...place }: Put,
): Promise<StoredEntry | Refusal<ConfigurationRefusal>> {
  const { channels } = configuring;
  const wanted = { ...place, ...facts };
  const kind = kinds[wanted.kind];
  if (named !== wanted.kind)
    return invalid([{ field: 'body.kind', message: `must be ${wanted.kind}, as in the path` }]);
  if (!kind.id.pattern.test(wanted.id)) {
    return invalid([{ field: 'path.id', message: `must be ${kind.id.rule}` }]);
  }
  const flaws = await kind.flaws(
    { id: wanted.id, value },
    {
      configuration: await readConfiguration(channels),
      formatNames: configuring.formatNames,
      hasStatementProfile: async (id) => (await findEntry(channels.table, 'statement-profiles', id)) !== undefined,
      operationsOf: (adapter) => operationsOf(channels, adapter),
      findMerchant: (channel, merchantNo) => findMerchant(channels, channel, merchantNo),
      storedOfKind: () => listEntries(channels.table, wanted.kind, {}),
    },
  );
  if (flaws.length > 0) return invalid(flaws.map(({ field, message }) => ({ field: `body.value.${field}`, message })));

  const made = await change(configuring, wanted, (stored) =>
    isDeepStrictEqual(stored, value) ? 'as it is' : { value },
  );
  return isRefusal(made) ? made : entryOf(made, wanted.kind);
}

/**
 * Deletes what is stored; a built-in thing of the same id comes back. Refused where something else still names it (`in_use`).
 * What is put at the same moment and names it is not seen: it then covers no order until somebody mends it.
 */
export async function deleteConfiguration(
  configuring: Configuring,
  wanted: Wanted,
): Promise<'deleted' | Refusal<ConfigurationRefusal>> {
  const { channels } = configuring;
  const staysBuiltIn = channels.builtIn.some(({ kind, id }) => kind === wanted.kind && id === wanted.id);
  const user = staysBuiltIn ? undefined : await findUser(channels, wanted);
  if (user !== undefined) return refuse('in_use', `${wanted.id} is still named by ${user}.`);

  const made = await change(configuring, wanted, (stored) =>
    stored === undefined ? refuse('not_found', `Nothing is stored for ${wanted.id}.`) : 'gone',
  );
  return isRefusal(made) ? made : 'deleted';
}

/** how often a change whose version nobody named looks again when others were faster */
const maximumTries = 4;

/** Every stored value is what its last change left, so that one is all that is looked at. */
async function change(
  { channels: { table }, commit, clock }: Configuring,
  { kind, id, version, changedBy, reason, operationId }: Wanted,
  decide: (stored: unknown) => { readonly value: unknown } | 'gone' | 'as it is' | Refusal<ConfigurationRefusal>,
): Promise<Change | Refusal<ConfigurationRefusal>> {
  for (let tries = 1; tries <= maximumTries; tries++) {
    const [own, last] = await Promise.all([changeOfOperation(table, operationId), lastChange(table, kind, id)]);
    if (own) return own; // a retry meets its own work, whatever came after it
    const stored = last?.after === undefined ? undefined : last;
    if (version !== undefined && version !== (stored?.version ?? 0)) return overtaken(id, stored);
    const decision = decide(stored?.after);
    if (decision === 'as it is' && stored) return stored;
    if (isRefusal(decision)) return decision;

    const after = typeof decision === 'object' ? decision.value : undefined;
    const facts = { kind, id, version: (last?.version ?? 0) + 1, changedBy, changedAt: clock().toISOString() };
    const next: Change = { ...facts, before: stored?.after, after, reason, operationId };
    const result = await commit([
      after === undefined
        ? deleteEntryWrite(table, { kind, id }, stored?.version)
        : putEntryWrite(table, { ...facts, value: after }, stored?.version),
      ...recordChangeWrites(table, next),
    ]);
    if (result.committed) return next;
  }
  throw new RacesLost(`others changed ${kind} ${id} ${maximumTries} times`);
}

/** Of a change that left something. */
const entryOf = ({ id, version, after, changedBy, changedAt }: Change, kind: KindName): StoredEntry => ({
  kind,
  id,
  version,
  value: after,
  changedBy,
  changedAt,
});

const invalid = (errors: readonly Flaw[]): Refusal<'invalid_configuration'> => ({
  ...refuse('invalid_configuration', `The request is wrong at ${errors.map(({ field }) => field).join(', ')}.`),
  errors,
});

const overtaken = (id: string, stored: Change | undefined) =>
  refuse(
    'changed_meanwhile',
    stored
      ? `${id} is at version ${stored.version}: ${stored.changedBy} changed it at ${stored.changedAt}.`
      : `${id} is not stored: its version is 0.`,
  );
