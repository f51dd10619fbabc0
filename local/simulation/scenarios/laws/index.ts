/** The laws that hold after every run, each by itself: a sentence for whatever is broken. */

import { answersAreOne } from './answers.ts';
import { auditIsClean } from './audit.ts';
import { channelsAgree } from './channels-agree.ts';
import { daysAreTheirEntries } from './days.ts';
import type { Evidence } from './evidence.ts';
import { frozenIsAccountedFor } from './frozen.ts';
import { looksAreTrue } from './looks.ts';
import { modelAgrees } from './model.ts';
import { refusalsAreTrue } from './refusals.ts';
import { termsAreKept } from './terms.ts';

type Law = (evidence: Evidence) => Iterable<string> | AsyncIterable<string>;

const laws: readonly Law[] = [
  answersAreOne,
  modelAgrees,
  channelsAgree,
  frozenIsAccountedFor,
  termsAreKept,
  refusalsAreTrue,
  looksAreTrue,
  daysAreTheirEntries,
  auditIsClean,
];

export async function brokenLaws(evidence: Evidence): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const law of laws) for await (const sentence of law(evidence)) broken.push(sentence);
  return broken;
}
