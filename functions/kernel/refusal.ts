/**
 * An expected "no": a value with a stable code, never an exception. Each context closes its own union of codes;
 * `runtime/refusal-status.ts` maps every code to an HTTP status.
 */
export interface Refusal<Code extends string = string> {
  readonly refused: Code;
  /** One sentence for the caller; holds no secret and no card or identity number. */
  readonly detail: string;
  /** where the request is wrong, such as `body.value.bank`, when the fields alone could not tell */
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

export const refuse = <const Code extends string>(refused: Code, detail: string): Refusal<Code> => ({
  refused,
  detail,
});

export function isRefusal<T, Code extends string>(answer: T | Refusal<Code>): answer is Refusal<Code> {
  return typeof answer === 'object' && answer !== null && 'refused' in answer;
}
