/**
 * Why a day is worked on again by itself, besides the last of its cases being resolved.
 *
 * - `day_is_over`: its file came before the day's end, and agreed with what there was
 * - `line_withdrawn`: a corrected file of another day no longer shows, or shows again, what this day has claimed of it
 * - `payment_of_another_day`: a payment that this day was about to complete was completed meanwhile, as another day's
 * - `settlement_told`: a credit of this bank statement may be a settlement that a channel has told of since
 */
export const rerunCauses = ['day_is_over', 'line_withdrawn', 'payment_of_another_day', 'settlement_told'] as const;

export type RerunCause = (typeof rerunCauses)[number];
