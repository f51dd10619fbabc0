/** The day on one page: what happened, what the statements say of it, what differs, what was settled. */
import { type Row, tableText } from '../table.ts';
import type { DemoResult } from './demo.ts';
import { type Payment, statusOf } from './payments.ts';
import type { Difference, Reconciled } from './reconciliations.ts';
import { keyOf } from './statements.ts';

const yuan = (minorUnits: number): string =>
  (minorUnits / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export const reportText = ({ payments, scenes, reconciled }: Omit<DemoResult, 'problems' | 'members'>): string =>
  [
    'The day (CNY)',
    paymentsTable(payments),
    '\nOut of the ordinary',
    tableText(
      ['', 'what came of it'],
      scenes.map(({ scene, seen }) => [scene, seen]),
    ),
    '\nThe statements (对账)',
    statementsTable(reconciled),
    '\nThe differences (差异)',
    differencesTable(reconciled),
    '\nSettled (已对账)',
    settledTable(reconciled),
  ].join('\n');

function paymentsTable(payments: readonly Payment[]): string {
  const groups = Map.groupBy(payments, ({ kind, member }) => `${member.institution.name}|${kind}`);
  const rows = [...groups].map(([group, each]): Row => {
    const [name = '', kind = ''] = group.split('|');
    const ended = (status: string) => each.filter((payment) => statusOf(payment) === status);
    const succeeded = ended('succeeded');
    const amount = succeeded.reduce((sum, { order }) => sum + order.amount, 0);
    const unknown = each.filter(({ answer }) => answer === 'unknown').length;
    const failed = ended('failed').length;
    return [name, kind, each.length, succeeded.length, yuan(amount), failed, ended('not accepted').length, unknown];
  });
  const head = ['institution', 'kind', 'sent', 'succeeded', 'amount', 'refused', 'no funds', 'unknown at first'];
  return tableText(head, rows);
}

function statementsTable(reconciled: readonly Reconciled[]): string {
  const rows = reconciled.map(({ statement, report, differences }): Row => {
    const { reconciliation, fundsSummary, completedPayments } = report;
    const { lines } = reconciliation;
    return [
      `${statement.channel} ${statement.merchantNo}`,
      reconciliation.status,
      lines?.read ?? 0,
      lines?.matched ?? 0,
      differences.length,
      lines?.errors ?? 0,
      completedPayments ?? 0,
      yuan(fundsSummary?.channel.net.amount ?? 0),
      yuan(fundsSummary?.books.net.amount ?? 0),
    ];
  });
  const head = [
    'statement',
    'outcome',
    'lines',
    'matched',
    'differences',
    'errors',
    'completed',
    'channel net',
    'books net',
  ];
  return tableText(head, rows);
}

function differencesTable(reconciled: readonly Reconciled[]): string {
  const rows = reconciled.flatMap(({ statement, differences, report }): Row[] => [
    ...differences.map((difference): Row => {
      const { type, lineNumber, amount, ours, theirs } = difference;
      const order = ours?.reference ?? theirs?.reference ?? '';
      return [
        statement.channel,
        chineseNames[type],
        type,
        lineNumber ?? '–',
        order,
        shown(ours),
        shown(theirs),
        signed(amount),
      ];
    }),
    ...report.lineErrors.items.map(({ lineNumber, reason }): Row => {
      return [statement.channel, '行错误', 'line error', lineNumber, reason.slice(0, 28), '', '', ''];
    }),
  ]);
  return tableText(['channel', '', 'type', 'line', 'order', 'ours', 'theirs', 'in suspense'], rows);
}

const chineseNames: Readonly<Record<Difference['type'], string>> = {
  missing_in_books: '长款',
  missing_at_channel: '短款',
  amount_mismatch: '金额不符',
  fee_mismatch: '手续费不符',
  status_mismatch: '状态不符',
  duplicate: '重复',
  returned: '退票',
};

const shown = (side: Difference['ours']): string =>
  side ? `${yuan(side.amount.amount)} fee ${yuan(side.fee.amount)} ${side.status}` : '–';

const signed = ({ amount }: Difference['amount']): string => (amount > 0 ? `+${yuan(amount)}` : yuan(amount));

function settledTable(reconciled: readonly Reconciled[]): string {
  const rows = reconciled.map(({ statement, report, account }): Row => {
    const { settledAmount } = report.reconciliation;
    return [
      statement.institution.name,
      `${statement.channel} ${statement.merchantNo}`,
      settledAmount ? yuan(settledAmount.amount) : '–',
      yuan(account.pending.amount),
      yuan(account.reconciled.amount),
      keyOf(statement).split('/').at(-1) ?? '',
    ];
  });
  return tableText(['institution', 'settlement account', 'settled', 'pending', 'reconciled', 'file'], rows);
}
