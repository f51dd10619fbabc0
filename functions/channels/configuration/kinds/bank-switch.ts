import * as z from 'zod';
import type { BankSwitch } from '../configuration.ts';
import { chosenId, defineKind } from './kind.ts';
import { coverageFlaws, coverageOf, instantSchema, withCoverage } from './parts.ts';

const windowSchema = z
  .strictObject({ from: instantSchema, to: instantSchema })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['to'], message: 'must be later than from' });

export const bankSwitchKind = defineKind({
  id: chosenId,
  schema: withCoverage({
    on: z.boolean().meta({ description: 'false turns every order away that the switch covers' }),
    maintenance: z
      .array(windowSchema)
      .max(100)
      .optional()
      .meta({ description: 'planned: orders are turned away meanwhile' }),
    reason: z.string().trim().min(1).max(200).meta({ description: 'for operators', example: 'bank upgrade' }),
  }).meta({
    id: 'BankSwitch',
    description: '银行开关: on or off for a bank × channel × product; what is left out means all of them',
  }),
  entity: (id, { on, maintenance = [], reason, ...coverage }): BankSwitch => ({
    id,
    ...coverageOf(coverage),
    on,
    maintenance: maintenance.map(({ from, to }) => ({ from: new Date(from), to: new Date(to) })),
    reason,
  }),
  flaws: (covered, { configuration }) => coverageFlaws(covered, configuration),
});
