/** What an audit tells at its end. */
import * as z from 'zod';
import { currencySchema } from '../../kernel/money.ts';
import { subjects } from '../chart-of-accounts.ts';
import { findingSchema } from './audit-finding.ts';
import { totalsSchema } from './audit-totals.ts';

const amount = z.string().transform((digits) => BigInt(digits));

export const auditReportSchema = z.object({
  runId: z.string(),
  /** 2 where the first look found anything */
  looks: z.int(),
  /** the tables that the books were held against, the ledger's first */
  tables: z.array(z.string()),
  counts: totalsSchema.shape.counts,
  trialBalance: z.array(
    z.object({
      subject: z.enum(subjects),
      name: z.string(),
      nameZh: z.string(),
      currency: currencySchema,
      debit: amount,
      credit: amount,
    }),
  ),
  findings: z.array(findingSchema),
});

export type AuditReport = z.output<typeof auditReportSchema>;
