/** The kinds' names alone, for whoever needs no schema: those weigh in the bundles of payments. */
export const kindNames = [
  'banks',
  'channels',
  'switches',
  'limits',
  'routes',
  'fees',
  'card-bins',
  'reconciliation-policies',
  'statement-calendars',
  'statement-profiles',
  'arrival-rules',
] as const;

export type KindName = (typeof kindNames)[number];
