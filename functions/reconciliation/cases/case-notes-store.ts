/**
 * What people say about a case and the papers that they add.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `DIFF#<id>` | `COMMENT#<operation>` | by, at, text |
 * | `DIFF#<id>` | `ATTACHMENT#<operation>` | by, at, fileName, contentType, size, sha256 |
 *
 * Operations are ULIDs, so both are in the order of time, and a retry finds its own.
 */
import * as z from 'zod';
import type { Signature } from '../../kernel/caller.ts';
import type { DifferenceId } from '../../kernel/ids.ts';
import { getItem, putIf, queryItems, type Table, toItem } from '../../kernel/table.ts';

export interface CaseComment {
  readonly id: string;
  readonly by: Signature;
  readonly at: Date;
  readonly text: string;
}

export interface CaseAttachment extends Omit<CaseComment, 'text'> {
  readonly fileName: string;
  readonly contentType: string;
  /** bytes */
  readonly size: number;
  /** lower-case hex */
  readonly sha256: string;
}

/** What a case shows of them; the newest come first. */
export const shownNotes = 200;

const keyOf = (difference: DifferenceId, kind: 'COMMENT' | 'ATTACHMENT', id: string) => ({
  pk: `DIFF#${difference}`,
  sk: `${kind}#${id}`,
});

/** 1 write unit per KiB. */
export const putComment = (table: Table, difference: DifferenceId, comment: CaseComment): Promise<boolean> =>
  put(table, { ...keyOf(difference, 'COMMENT', comment.id), ...comment, at: comment.at.toISOString() });

/** 1 write unit. */
export const putAttachment = (table: Table, difference: DifferenceId, attachment: CaseAttachment): Promise<boolean> =>
  put(table, { ...keyOf(difference, 'ATTACHMENT', attachment.id), ...attachment, at: attachment.at.toISOString() });

const put = (table: Table, item: object): Promise<boolean> =>
  putIf(table, { TableName: table.name, Item: toItem(item), ConditionExpression: 'attribute_not_exists(pk)' });

/** A read unit per 4 KiB. */
export async function readComments(table: Table, difference: DifferenceId): Promise<readonly CaseComment[]> {
  return (await notesOf(table, difference, 'COMMENT')).map((item) => commentSchema.parse(item));
}

/** A read unit per 4 KiB, about twenty of them. */
export async function readAttachments(table: Table, difference: DifferenceId): Promise<readonly CaseAttachment[]> {
  return (await notesOf(table, difference, 'ATTACHMENT')).map((item) => attachmentSchema.parse(item));
}

/** 1 read unit. */
export async function readAttachment(
  table: Table,
  difference: DifferenceId,
  id: string,
): Promise<CaseAttachment | undefined> {
  const item = await getItem(table, keyOf(difference, 'ATTACHMENT', id));
  return item && attachmentSchema.parse(item);
}

const notesOf = (table: Table, difference: DifferenceId, kind: 'COMMENT' | 'ATTACHMENT') =>
  queryItems(table, {
    keys: 'pk = :pk AND begins_with(sk, :kind)',
    values: { ':pk': `DIFF#${difference}`, ':kind': `${kind}#` },
    limit: shownNotes,
    newestFirst: true,
  });

const noteSchema = z.object({
  id: z.string(),
  by: z.string().transform((text) => text as Signature), // our own store wrote it
  at: z.iso.datetime().transform((text) => new Date(text)),
});

const commentSchema = noteSchema.extend({ text: z.string() });

const attachmentSchema = noteSchema.extend({
  fileName: z.string(),
  contentType: z.string(),
  size: z.coerce.number(),
  sha256: z.string(),
});
