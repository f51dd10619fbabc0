import * as z from 'zod';
import { type CardBin, cardTypes } from '../configuration.ts';
import { defineKind } from './kind.ts';
import { bankCodeSchema, bankFlaws } from './parts.ts';

export const shortestPrefix = 4;
export const longestPrefix = 10;

export const cardBinKind = defineKind({
  id: { pattern: /^\d{4,10}$/, rule: 'what the card numbers begin with: 4 to 10 digits' },
  schema: z
    .strictObject({ bank: bankCodeSchema, cardType: z.enum(cardTypes) })
    .meta({ id: 'CardBin', description: 'Which bank issued the cards that begin so; the longest prefix decides' }),
  entity: (id, { bank, cardType }): CardBin => ({ prefix: id, bank, cardType }),
  flaws: ({ bank }, { configuration }) => bankFlaws('bank', bank, configuration),
});
