/** What an audit finds. */
import * as z from 'zod';
import type { AccountId, PostingId } from '../../kernel/ids.ts';

export interface Finding {
  /** what is wrong, such as `altered_entry`; the README lists them */
  readonly code: string;
  /** the same in every look at the same damage: it tells differences, never balances that move on */
  readonly detail: string;
  readonly accountId?: AccountId | undefined;
  readonly slot?: number | undefined;
  readonly seq?: number | undefined;
  readonly postingId?: PostingId | undefined;
  /** the payment or the hold that the finding is about */
  readonly transactionId?: string | undefined;
}

/** Ids as they stand: what is found may be damaged itself. */
const id = <Branded extends string>() => z.string().transform((text) => text as Branded);

export const findingSchema = z.object({
  code: z.string(),
  detail: z.string(),
  accountId: id<AccountId>().optional(),
  slot: z.int().optional(),
  seq: z.int().optional(),
  postingId: id<PostingId>().optional(),
  transactionId: z.string().optional(),
});

/** Two findings of one name are the same finding, seen twice. */
export const nameOfFinding = (found: Finding): string =>
  JSON.stringify([
    found.code,
    found.accountId,
    found.slot,
    found.seq,
    found.postingId,
    found.transactionId,
    found.detail,
  ]);

/** The group of facts with which a finding is kept: what it is about first of all. */
export const keyOfFinding = ({ postingId, accountId, transactionId, code }: Finding): string =>
  accountId ?? postingId ?? transactionId ?? code;
