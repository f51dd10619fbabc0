/** What the center made of the statements, as its API shows it. */
import * as z from 'zod';
import { expectStatus } from '../outsider/api-client.ts';
import type { Center } from '../outsider/center.ts';
import { differenceTypes, type Statement } from './statements.ts';

const amount = z.object({ amount: z.number(), currency: z.string() });
const side = z.object({ amount, fee: amount, status: z.string(), reference: z.string() });
const byKind = z.object({ count: z.number(), amount });
const funds = z.object({ collection: byKind, refund: byKind, payout: byKind, payout_return: byKind, net: amount });

const reconciliationSchema = z.object({
  id: z.string(),
  status: z.string(),
  executionName: z.string(),
  lines: z.object({ read: z.number(), matched: z.number(), differing: z.number(), errors: z.number() }).nullable(),
  settledAmount: amount.nullable(),
});

const reportSchema = z.object({
  reconciliation: reconciliationSchema,
  fundsSummary: z.object({ channel: funds, books: funds }).nullable(),
  feeSummary: z.object({ channel: z.object({ total: amount }), books: z.object({ total: amount }) }).nullable(),
  completedPayments: z.number().nullable(),
  lineErrors: z.object({ total: z.number(), items: z.array(z.object({ lineNumber: z.number(), reason: z.string() })) }),
});

const differenceSchema = z.object({
  type: z.enum(differenceTypes),
  kind: z.string(),
  lineNumber: z.number().nullable(),
  amount,
  ours: side.nullable(),
  theirs: side.nullable(),
});

const accountSchema = z
  .object({ balances: z.object({ pending: amount, reconciled: amount }) })
  .transform(({ balances }) => balances);

export type Difference = z.infer<typeof differenceSchema>;
export type Report = z.infer<typeof reportSchema>;

export interface Reconciled {
  readonly statement: Statement;
  readonly report: Report;
  readonly differences: readonly Difference[];
  readonly account: z.infer<typeof accountSchema>;
}

/** Everything about one statement, read with the institution's own credentials. */
export async function readReconciled({ operator }: Center, statement: Statement): Promise<Reconciled> {
  const { institution, channel, merchantNo, date, settlementAccountId } = statement;
  const { client } = institution;
  const query = new URLSearchParams({ channel, merchantNo, date });
  const page = z
    .object({ items: z.array(reconciliationSchema) })
    .parse(expectStatus(await operator.get(`/v1/reconciliations?${query}`), 200));
  const [found] = page.items;
  if (!found) throw new Error(`the center shows no reconciliation of ${statement.executionName}`);
  const path = `/v1/reconciliations/${found.id}`;
  const [report, differences, account] = await Promise.all([
    client.get(`${path}/report`),
    client.get(`${path}/differences?limit=200`),
    client.get(`/v1/accounts/${settlementAccountId}`),
  ]);
  return {
    statement,
    report: reportSchema.parse(expectStatus(report, 200)),
    differences: z.object({ items: z.array(differenceSchema) }).parse(expectStatus(differences, 200)).items,
    account: accountSchema.parse(expectStatus(account, 200)),
  };
}
