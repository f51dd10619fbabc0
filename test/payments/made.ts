/** For tests that go on with what a use case made. */
import { isRefusal, type Refusal } from '../../functions/kernel/refusal.ts';

/** @throws Error for a refusal, with its words */
export async function made<T extends object>(answer: Promise<T | Refusal<string>>): Promise<T> {
  const outcome = await answer;
  if (isRefusal(outcome)) throw new Error(`${outcome.refused}: ${outcome.detail}`);
  return outcome;
}
