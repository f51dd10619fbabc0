/** Why a whole statement is turned away: the file is kept in quarantine, and nothing is posted. */
import * as z from 'zod';

export const rejectionReasons = [
  /** the key is not `statements/<channel>/<merchantNo>/<YYYY-MM-DD>/<file name>` */
  'unreadable_key',
  'unknown_channel',
  /** nobody announced the merchant number: no settlement account mirrors it */
  'unknown_merchant',
  'file_too_large',
  /** the file is another than the upload that was registered under its name */
  'wrong_checksum',
  'empty_file',
  'corrupt_gzip',
  'corrupt_zip',
  'encrypted_archive',
  /** an archive of more files than any channel sends */
  'too_many_entries',
  /** it would grow beyond all measure when it is decompressed */
  'compression_bomb',
  /** packed twice */
  'nested_archive',
  /** Excel: to be exported as CSV */
  'spreadsheet',
  'binary_file',
  'wrong_encoding',
  'unrecognised_format',
  'ambiguous_format',
  /** the channel or the merchant number names a format or profile that there is none of */
  'unknown_format',
  /** the file ends before its summary row does */
  'truncated',
  /** the columns or the summary row are not those of the format */
  'malformed_frame',
  'line_too_long',
  /** so many that its format or its profile must be wrong */
  'too_many_line_errors',
  /** so many lines and payments found no counterpart that one of the sides must be another's */
  'too_many_unmatched',
  /** more than can be booked one by one in the time that a step has */
  'too_many_differences',
  'wrong_merchant',
  'wrong_day',
  /** the file's own control totals are not those of its lines */
  'wrong_control_total',
  /** a newer version of the same statement was concluded first */
  'superseded',
] as const;

export type RejectionReason = (typeof rejectionReasons)[number];

/** A figure of the file's own summary, and what its lines give: decimal text, or a count. */
export const controlMismatchSchema = z.object({ figure: z.string(), stated: z.string(), found: z.string() });

export type ControlMismatch = z.infer<typeof controlMismatchSchema>;

export const rejectionSchema = z.object({
  reason: z.enum(rejectionReasons),
  detail: z.string(),
  /** of a wrong control total: each figure that does not tie, twenty at most */
  mismatches: z.array(controlMismatchSchema).readonly().optional(),
});

export type Rejection = z.infer<typeof rejectionSchema>;

export const reject = (reason: RejectionReason, detail: string): Rejection => ({ reason, detail });

export const isRejection = <T extends object>(outcome: T | Rejection): outcome is Rejection =>
  'reason' in outcome && 'detail' in outcome;
