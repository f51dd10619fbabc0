import * as z from 'zod';
import type { Bank } from '../configuration.ts';
import { defineKind } from './kind.ts';
import { bankCodePattern } from './parts.ts';

const nameSchema = z.string().trim().min(1).max(100);

export const bankKind = defineKind({
  id: { pattern: bankCodePattern, rule: "the bank's code: 2 to 20 upper-case letters and digits" },
  schema: z
    .strictObject({
      name: z.strictObject({
        en: nameSchema.meta({ example: 'Industrial and Commercial Bank of China' }),
        zh: nameSchema.meta({ example: '中国工商银行' }),
      }),
    })
    .meta({ id: 'Bank', description: 'A cooperating bank (合作银行); its id is its code' }),
  entity: (id, { name }): Bank => ({ code: id, name }),
  flaws: () => [],
});
