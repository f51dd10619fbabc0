/**
 * Seals anew what is sealed under another KMS key, or another material of it, than the one in force, so that the old one
 * can be retired: opened, and sealed again as what it was, each item on its own condition.
 */
import type { Key } from '../kernel/table.ts';
import type { Parties } from './parties.ts';
import type { Seal, Sealed, Unseal } from './personal-data.ts';
import { replaceSealed, scanSealed } from './sealed-store.ts';

export interface Resealing extends Parties {
  readonly seal: Seal;
  readonly unseal: Unseal;
}

export interface ResealReport {
  /** how many sealed items were looked at */
  readonly looked: number;
  readonly resealed: number;
  /** how many are sealed under the key in force */
  readonly current: number;
  /** where the next call goes on; absent at the end of the table */
  readonly next?: Key | undefined;
}

const pageSize = 200;

/**
 * Goes through the table until it ends or the time is over. Cost: the scan, and 2 calls of KMS and 2 write units for each
 * item that is sealed anew. Repeated at any time it does what is left: a run that ends with `resealed: 0` and no `next` has
 * found nothing under another key.
 */
export async function reseal(
  resealing: Resealing,
  { from, isOver }: { readonly from?: Key | undefined; readonly isOver: () => boolean },
): Promise<ResealReport> {
  const inForce = await keyInForce(resealing);
  const counts = { looked: 0, resealed: 0, current: 0 };
  let next = from;
  do {
    const page = await scanSealed(resealing, next, pageSize);
    for (const item of page.items) {
      counts.looked += 1;
      if (isSameKey(item.sealed, inForce)) {
        counts.current += 1;
        continue;
      }
      const facts = await resealing.unseal(item.sealed, item.context);
      if (await replaceSealed(resealing, item, await resealing.seal(facts, item.context))) counts.resealed += 1;
    }
    next = page.next;
  } while (next && !isOver());
  return { ...counts, next };
}

/** KMS tells which key and material it uses when it is asked to seal something. */
const keyInForce = (resealing: Resealing): Promise<Sealed> =>
  resealing.seal({}, { kind: 'member', id: 'key-in-force' });

const isSameKey = (one: Sealed, other: Sealed): boolean =>
  one.keyId === other.keyId && one.keyMaterialId === other.keyMaterialId;
