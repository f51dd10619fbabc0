/** What operators change of a merchant number that is registered: its priority, whether it is used, its credentials. */
import type { Clock } from '../../kernel/clock.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Table } from '../../kernel/table.ts';
import { type CommitWrites, RacesLost } from '../../kernel/write.ts';
import { type Change, changeOfOperation, lastChange, recordChangeWrites } from '../configuration/change-store.ts';
import { findEntry } from '../configuration/configuration-store.ts';
import type { Flaw, KnownFormats } from '../configuration/kinds/kind.ts';
import { formatFlaws } from '../configuration/kinds/statement-formats.ts';
import { changeMerchantWrites, findMerchant, type Merchant, type MerchantStatus } from '../merchant-store.ts';
import { type Credentials, fingerprintOf } from './credentials.ts';
import type { SecretVault } from './secret-vault.ts';

export interface MerchantKeeping {
  readonly table: Table;
  readonly commit: CommitWrites;
  readonly clock: Clock;
}

export interface MerchantChange {
  readonly channel: string;
  readonly merchantNo: string;
  /** what the operator has seen; 0 for a merchant number that was never changed. Left out: whatever is there */
  readonly version?: number | undefined;
  readonly changedBy: string;
  readonly reason?: string | undefined;
  readonly operationId: string;
}

export interface KeptMerchant extends Merchant {
  /** the number of its last change */
  readonly version: number;
}

export type MerchantRefusal = 'not_found' | 'changed_meanwhile';

/** As changes name a merchant number. */
export const merchantChanges = ({ channel, merchantNo }: Pick<MerchantChange, 'channel' | 'merchantNo'>) => ({
  kind: 'merchants',
  id: `${channel}/${merchantNo}`,
});

/** 2 read units. */
export async function readMerchant(
  { table }: Pick<MerchantKeeping, 'table'>,
  { channel, merchantNo }: Pick<MerchantChange, 'channel' | 'merchantNo'>,
): Promise<KeptMerchant | Refusal<'not_found'>> {
  const { kind, id } = merchantChanges({ channel, merchantNo });
  const [merchant, last] = await Promise.all([
    findMerchant({ table }, channel, merchantNo),
    lastChange(table, kind, id),
  ]);
  return merchant ? { ...merchant, version: last?.version ?? 0 } : notFound(merchantNo);
}

export interface MerchantPut extends MerchantChange {
  readonly priority: number;
  readonly status: MerchantStatus;
  /** none: its channel's; absent: as they are */
  readonly statementFormats?: readonly string[] | undefined;
}

/**
 * Suspends, reactivates, says how soon a merchant number is asked and in which formats its statements come, which must be there
 * (`invalid_configuration`). 3 read units and those of the profiles that it names, 10 write units.
 */
export async function putMerchant(
  keeping: MerchantKeeping & Pick<KnownFormats, 'formatNames'>,
  { priority, status, statementFormats: named, ...wanted }: MerchantPut,
): Promise<KeptMerchant | Refusal<MerchantRefusal | 'invalid_configuration'>> {
  const flaws: Flaw[] = [];
  const hasStatementProfile = async (id: string) =>
    (await findEntry(keeping.table, 'statement-profiles', id)) !== undefined;
  const known = { formatNames: keeping.formatNames, hasStatementProfile };
  for await (const { field, message } of formatFlaws(named ?? [], known))
    flaws.push({ field: `body.${field}`, message });
  if (flaws.length > 0) {
    const refusal = refuse('invalid_configuration', 'The request names statement formats that there are none of.');
    return { ...refusal, errors: flaws };
  }
  return change(keeping, wanted, ({ statementFormats: before, ...merchant }) => {
    const statementFormats = named ?? before ?? [];
    return { ...merchant, priority, status, ...(statementFormats.length > 0 && { statementFormats }) };
  });
}

/**
 * Puts credentials, which nobody can read back. First comes the record of who did it, then the secret itself: a crash
 * between the two is healed by the retry, and no secret is ever changed without a trace. Adapters use what they hold for up
 * to 5 minutes, or until the channel turns it down.
 */
export async function putCredentials(
  keeping: MerchantKeeping & { readonly vault: SecretVault },
  { credentials, ...wanted }: MerchantChange & { readonly credentials: Credentials },
): Promise<KeptMerchant | Refusal<MerchantRefusal>> {
  const fingerprint = fingerprintOf(credentials);
  const changed = await change(keeping, wanted, (merchant, setAt) => ({
    ...merchant,
    credentials: { fingerprint, setBy: wanted.changedBy, setAt },
  }));
  if (isRefusal(changed)) return changed;
  // a late retry leaves alone what another operator has put since
  if (changed.credentials?.fingerprint === fingerprint) await keeping.vault.put(changed, credentials);
  return changed;
}

/** how often a change whose version nobody named looks again when others were faster */
const maximumTries = 4;

async function change(
  { table, commit, clock }: MerchantKeeping,
  { channel, merchantNo, version, changedBy, reason, operationId }: MerchantChange,
  changed: (merchant: Merchant, at: string) => Merchant,
): Promise<KeptMerchant | Refusal<MerchantRefusal>> {
  const { kind, id } = merchantChanges({ channel, merchantNo });
  for (let tries = 1; tries <= maximumTries; tries++) {
    // in this order: the merchant is then at least as new as the change, and a change in between loses the race
    const [own, last] = await Promise.all([changeOfOperation(table, operationId), lastChange(table, kind, id)]);
    const merchant = await findMerchant({ table }, channel, merchantNo);
    if (!merchant) return notFound(merchantNo);
    const current = last?.version ?? 0;
    if (own) return { ...merchant, version: current }; // a retry meets its own work, whatever came after it
    if (version !== undefined && version !== current) {
      return refuse('changed_meanwhile', `${id} is at version ${current}.`);
    }
    const changedAt = clock().toISOString();
    const next = changed(merchant, changedAt);
    const before = shown(merchant);
    const record: Change = {
      ...{ kind, id, version: current + 1, before, after: shown(next) },
      ...{ changedBy, changedAt, reason, operationId },
    };
    const result = await commit([
      ...recordChangeWrites(table, record),
      ...changeMerchantWrites({ table }, merchant, next),
    ]);
    if (result.committed) return { ...next, version: current + 1 };
  }
  throw new RacesLost(`others changed ${id} ${maximumTries} times`);
}

/** What of a merchant number operators change. */
const shown = ({ priority, status, statementFormats, credentials }: Merchant) => ({
  priority,
  status,
  ...(statementFormats && { statementFormats }),
  credentials,
});

const notFound = (merchantNo: string) => refuse('not_found', `There is no merchant number ${merchantNo}.`);
