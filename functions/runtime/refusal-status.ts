/** Every refusal code of every context with its HTTP status: the only place that knows both. */
type RefusalCode = 'not_found';

const statusOf: Record<RefusalCode, number> = {
  not_found: 404,
};

/** @throws Error for a code that is missing from the table, which is a mistake of ours. */
export function refusalStatus(code: string): number {
  const status = Object.hasOwn(statusOf, code) ? statusOf[code as RefusalCode] : undefined; // own keys are the codes
  if (status === undefined) throw new Error(`the refusal ${code} has no HTTP status`);
  return status;
}
