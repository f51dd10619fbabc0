/** 挂账滚动: what a day's differences put into suspense and what was taken out of it, type by type. */
import { type SuspenseType, suspenseTypes } from '../../ledger/index.ts';
import { suspenseTypeOf } from '../difference.ts';
import type { Difference } from './case.ts';
import { inSuspense } from './case-states.ts';

export interface SuspenseRoll {
  readonly type: SuspenseType;
  /** minor units that its differences moved pending by, all together; below zero where the channel has less */
  readonly opened: bigint;
  readonly cleared: bigint;
  /** opened − cleared: what is held still */
  readonly held: bigint;
}

/** Only types that occur. Each difference was put in once, and is held or was taken out once. */
export function suspenseRollForward(differences: readonly Difference[]): readonly SuspenseRoll[] {
  return suspenseTypes.flatMap((type) => {
    const ofType = differences.filter(({ facts, state }) => state !== 'found' && suspenseTypeOf(facts.type) === type);
    if (ofType.length === 0) return [];
    const sum = (some: readonly Difference[]) => some.reduce((total, { facts }) => total + facts.adjustment, 0n);
    const opened = sum(ofType);
    const held = sum(ofType.filter(({ state }) => inSuspense(state)));
    return [{ type, opened, cleared: opened - held, held }];
  });
}
