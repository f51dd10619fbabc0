/**
 * 会计科目: the closed list of subjects that every account rolls up into. A balance is positive on its subject's normal
 * side: a debit raises a debit account, a credit raises a credit account.
 */
export type Side = 'debit' | 'credit';

/** 挂账: why money is held in suspense, one account each per settlement account. */
export const suspenseTypes = [
  'missing_in_books',
  'missing_at_channel',
  'amount_mismatch',
  'fee_mismatch',
  'status_mismatch',
  'returned',
] as const;

export type SuspenseType = (typeof suspenseTypes)[number];

interface SubjectFacts {
  readonly en: string;
  readonly zh: string;
  readonly normalSide: Side;
}

/**
 * What a difference leaves open is owed by us (credit: the channel holds money that our books lack) or to us (debit:
 * our books hold money that the channel lacks, or it charged more than agreed). A type that happens in both directions
 * takes the side of its commoner case; its balance then goes below zero for the other.
 */
export const chartOfAccounts = {
  settlement_pending: { en: 'Settlement, pending reconciliation', zh: '待对账', normalSide: 'debit' },
  settlement_reconciled: { en: 'Settlement, reconciled', zh: '已对账', normalSide: 'debit' },
  member_deposits: { en: 'Member deposits', zh: '会员存款', normalSide: 'credit' },
  institution_deposits: { en: 'Institution deposits', zh: '机构存款', normalSide: 'credit' },
  fee_expense: { en: 'Channel fee expense', zh: '手续费支出', normalSide: 'debit' },
  fee_income: { en: 'Fee income', zh: '手续费收入', normalSide: 'credit' },
  fees_receivable: { en: 'Fees receivable', zh: '应收手续费', normalSide: 'debit' },
  fees_payable: { en: 'Fees payable', zh: '应付手续费', normalSide: 'credit' },
  suspense_missing_in_books: { en: 'Suspense, missing in books', zh: '挂账-长款', normalSide: 'credit' },
  suspense_missing_at_channel: { en: 'Suspense, missing at channel', zh: '挂账-短款', normalSide: 'debit' },
  suspense_amount_mismatch: { en: 'Suspense, amount mismatch', zh: '挂账-金额不符', normalSide: 'credit' },
  suspense_fee_mismatch: { en: 'Suspense, fee mismatch', zh: '挂账-手续费不符', normalSide: 'debit' },
  suspense_status_mismatch: { en: 'Suspense, status mismatch', zh: '挂账-状态不符', normalSide: 'credit' },
  suspense_returned: { en: 'Suspense, returned payouts', zh: '挂账-退票', normalSide: 'credit' },
  write_off: { en: 'Write-off', zh: '核销', normalSide: 'debit' },
} as const satisfies Record<string, SubjectFacts> & Record<`suspense_${SuspenseType}`, SubjectFacts>;

export type Subject = keyof typeof chartOfAccounts;

/** The codes of all subjects, in the order of the chart. */
export const subjects = Object.keys(chartOfAccounts) as [Subject, ...Subject[]]; // the chart's own keys
