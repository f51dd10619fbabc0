/** What holds for every answer of every adapter, whatever was asked: looked at with each call that a law makes. */
import assert from 'node:assert/strict';
import type { ChannelAdapter } from '../../../functions/channels/index.ts';

const outcomes: Record<keyof ChannelAdapter, readonly string[]> = {
  bind: ['succeeded', 'code_sent', 'refused', 'unknown'],
  confirmBinding: ['succeeded', 'code_sent', 'refused', 'unknown'],
  verify: ['succeeded', 'refused', 'unknown'],
  queryVerification: ['succeeded', 'refused', 'unknown', 'not_found'],
  collect: ['succeeded', 'refused', 'unknown', 'awaiting_payer'],
  confirmCollect: ['succeeded', 'refused', 'unknown'],
  payout: ['succeeded', 'refused', 'unknown'],
  payoutBatch: ['accepted', 'refused', 'unknown'],
  refund: ['succeeded', 'refused', 'unknown'],
  query: ['succeeded', 'refused', 'unknown', 'not_found', 'awaiting_payer'],
  cancel: ['succeeded', 'refused', 'unknown'],
  queryReserve: ['known', 'not_told', 'unknown'],
  parseCallback: ['verified', 'rejected'],
};

export const operations = Object.keys(outcomes) as (keyof ChannelAdapter)[]; // of the record just above

/** Of orders: these have a trade number when they succeed, and a reason and where to go on when they don't. */
const ofOrders = new Set<keyof ChannelAdapter>(['collect', 'confirmCollect', 'payout', 'refund', 'query', 'cancel']);

/** A channel gives its trade number, and a callback's number goes by its name. */
const shortText = /^[!-~]{1,255}$/;
const reason = /^[a-z0-9_]{1,64}$/;

/** Longer than the adapters' own 3 s by what a busy machine needs. */
const longestCallMs = 8_000;

/** The same adapter; a call ends with an AssertionError when its answer breaks the contract, or when it throws. */
export function watched(adapter: ChannelAdapter, secrets: readonly string[]): ChannelAdapter {
  // every operation takes one value and gives one: what they are is checked below, and by the laws
  type Operation = (input: object) => Promise<object>;
  const watch = (name: keyof ChannelAdapter): Operation => {
    const operation = adapter[name] as Operation;
    return async (input) => {
      const started = performance.now();
      const answer = await operation(input).catch((error: unknown) =>
        assert.fail(`${name} threw: ${error instanceof Error ? error.message : 'something'}`),
      );
      assert.ok(performance.now() - started < longestCallMs, `${name} took longer than ${longestCallMs} ms`);
      checkAnswer(name, answer);
      checkNoSecret(name, answer, [...secrets, ...secretsOf(name, input)]);
      return answer;
    };
  };
  return Object.fromEntries(operations.map((name) => [name, watch(name)])) as unknown as ChannelAdapter; // all are there
}

function checkAnswer(name: keyof ChannelAdapter, answer: object): void {
  const facts = answer as Record<string, unknown>; // an object's fields, each looked at below
  assert.ok(outcomes[name].includes(String(facts['outcome'])), `${name} answers ${String(facts['outcome'])}`);
  if (facts['outcome'] === 'unknown') {
    assert.ok(typeof facts['cause'] === 'string' && facts['cause'].length <= 200, `${name} tells no short cause`);
  }
  if (facts['outcome'] === 'refused') {
    assert.match(String(facts['reason']), reason, `${name} refuses for a reason that is no code`);
    if (ofOrders.has(name)) assert.equal(typeof facts['retryElsewhere'], 'boolean', `${name} leaves open what to do`);
  }
  if (facts['outcome'] === 'succeeded' && ofOrders.has(name)) {
    assert.match(String(facts['channelTradeNo']), shortText, `${name} succeeds without a trade number`);
    const at = facts['completedAt'];
    assert.ok(at instanceof Date && !Number.isNaN(at.getTime()), `${name} succeeds at no time`);
  }
}

/** What goes in and must not come out. A code is not looked for: six digits can stand in a number by chance. */
function secretsOf(name: keyof ChannelAdapter, input: object): readonly string[] {
  const { card, corporateAccount, facts, agreementNo } = input as {
    // of any of the requests: whatever is there is a secret of its holder
    readonly card?: Record<string, string>;
    readonly corporateAccount?: Record<string, string>;
    readonly facts?: Record<string, unknown>;
    readonly agreementNo?: string;
  };
  const texts = [card, corporateAccount, facts]
    .flatMap((each) => Object.entries(each ?? {}))
    .flatMap(([field, value]) => (typeof value === 'string' && !['factors', 'bank'].includes(field) ? [value] : []));
  return agreementNo === undefined || name === 'bind' ? texts : [...texts, agreementNo];
}

function checkNoSecret(name: keyof ChannelAdapter, answer: object, secrets: readonly string[]): void {
  const text = JSON.stringify(answer, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
  for (const secret of secrets) {
    assert.ok(!text.includes(secret), `${name} tells a secret, of ${secret.length} characters`);
  }
}
