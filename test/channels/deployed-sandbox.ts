/** The deployed sandbox as the center and scripts reach it: over HTTP, with its secret, in either of its dialects. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import * as z from 'zod';
import {
  type BindRequest,
  type ChannelAdapter,
  type ChannelOrderReference,
  type CollectOrder,
  channelIdSchema,
  channelTimeoutMs,
  type MerchantReference,
  type PayerAction,
  type PayoutOrder,
  type RefundOrder,
  type SandboxEndpoint,
  sandboxAdapter,
  sandboxEndpoint,
  sandboxXmlAdapter,
} from '../../functions/channels/index.ts';
import { accountingDateAt } from '../../functions/kernel/clock.ts';
import { money } from '../../functions/kernel/money.ts';
import { decideAtCashier as decide, openCashier as open, type Redirect } from '../../local/outsider/cashier.ts';
import { controlSandbox } from '../../local/outsider/sandbox.ts';
import { center, deployed, newMerchantNo, type SandboxChannel } from '../support/deployment.ts';

let secret: Promise<string> | undefined;

export function deployedSandbox(timeoutMs = channelTimeoutMs): SandboxEndpoint {
  return sandboxEndpoint({
    timeoutMs,
    baseUrl: deployed('SandboxChannelUrl'),
    secret: () => {
      secret ??= center().readSecret(deployed('SandboxControlSecretArn'));
      return secret;
    },
  });
}

/** Asks something of the sandbox's control side. @throws Error unless it was done. */
export const control = (operation: `/control/${string}`, input: object) => controlSandbox(center(), operation, input);

export type ServedChannel = SandboxChannel | 'sandbox-xml-bank';

export const channel = (id: ServedChannel) => channelIdSchema.parse(id);

/** Of a channel of the JSON dialect, whose merchants share a secret. {@link Dialect.newMerchant} makes one of either. */
export const newMerchant = (id: ServedChannel): MerchantReference => ({
  channel: channel(id),
  merchantNo: newMerchantNo(),
});

/** What an operator would have put for the merchant numbers of this process. */
const credentials = new Map<string, Readonly<Record<string, string>>>();

export const merchantCredentials = async ({ channel: id, merchantNo }: MerchantReference) =>
  credentials.get(`${id}/${merchantNo}`);

/** A merchant with keys of its own, known to the sandbox and to {@link merchantCredentials}. */
export async function merchantWithKeys(id: ServedChannel): Promise<MerchantReference> {
  const merchant = newMerchant(id);
  const held = `${merchant.channel}/${merchant.merchantNo}`;
  if (id !== 'sandbox-xml-bank') {
    const own = { secret: randomUUID() };
    await control('/control/keys', { ...merchant, ...own });
    credentials.set(held, own);
    return merchant;
  }
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const answer = await control('/control/keys', { ...merchant, publicKey });
  const channelPublicKey = (answer as { publicKey?: unknown } | null)?.publicKey; // an object, of which only this matters
  if (typeof channelPublicKey !== 'string') throw new Error('the sandbox told no public key');
  credentials.set(held, { privateKey, channelPublicKey });
  return merchant;
}

export interface Dialect {
  readonly name: string;
  readonly adapter: ChannelAdapter;
  /** of a channel that offers everything, able to speak to it at once */
  readonly newMerchant: () => Promise<MerchantReference>;
  /** how payers come to the cashier */
  readonly cashier: 'GET' | 'POST';
}

/**
 * Call it inside a test: it needs the deployment.
 *
 * @param timeoutMs long, for a machine that does much else; `channelTimeoutMs` where the sandbox is to be silent
 */
export const dialects = (timeoutMs = 30_000): readonly [Dialect, Dialect] => [
  {
    name: 'JSON',
    adapter: sandboxAdapter(deployedSandbox(timeoutMs), merchantCredentials),
    newMerchant: async () => newMerchant('sandbox-bank'),
    cashier: 'GET',
  },
  {
    name: 'XML',
    adapter: sandboxXmlAdapter(deployedSandbox(timeoutMs), merchantCredentials),
    newMerchant: () => merchantWithKeys('sandbox-xml-bank'),
    cashier: 'POST',
  },
];

/** How often the sandbox has moved money for an order, by what its statement of today lists. */
export async function timesMoved({
  channel: id,
  merchantNo,
  kind,
  channelOrderNo,
}: ChannelOrderReference): Promise<number> {
  const date = accountingDateAt(new Date(), 'Asia/Shanghai');
  const { lines } = dayLinesSchema.parse(await control('/control/days', { channel: id, merchantNo, date }));
  return lines.filter((line) => line.kind === kind && line.orderNo === channelOrderNo).length;
}

const dayLinesSchema = z.object({ lines: z.array(z.object({ kind: z.string(), orderNo: z.string() })) });

export const newOrderNo = (): string => randomUUID().replaceAll('-', '').slice(0, 27);

/** Where nobody listens: what is told there is lost, and the truth is found by a query. */
const nowhere = 'http://localhost:1/callbacks';

type AgreedOrder = Extract<CollectOrder, { agreementNo: string }>;
type CashierOrder = Exclude<CollectOrder, AgreedOrder>;

/** A withholding of 100.00, unless something else is said. */
export const newOrder = (
  merchant: MerchantReference,
  agreementNo: string,
  facts: Partial<AgreedOrder> = {},
): AgreedOrder => ({
  ...merchant,
  channelOrderNo: newOrderNo(),
  amount: money(10_000n, 'CNY'),
  product: 'withholding',
  agreementNo,
  callbackUrl: nowhere,
  ...facts,
});

export const newPayout = (
  merchant: MerchantReference,
  agreementNo: string,
  facts: Partial<PayoutOrder> = {},
): PayoutOrder => ({
  ...merchant,
  channelOrderNo: newOrderNo(),
  amount: money(10_000n, 'CNY'),
  agreementNo,
  callbackUrl: nowhere,
  ...facts,
});

/** A personal e-banking order that may be paid for an hour. */
export const newCashierOrder = (merchant: MerchantReference, facts: Partial<CashierOrder> = {}): CashierOrder => ({
  ...merchant,
  channelOrderNo: newOrderNo(),
  amount: money(10_000n, 'CNY'),
  product: 'personal_ebanking',
  bank: 'SANDBOX',
  returnUrl: 'http://localhost:1/returned?from=cashier',
  expiresAt: new Date(Date.now() + 3_600_000),
  callbackUrl: nowhere,
  ...facts,
});

/** Of a collection that has succeeded. */
export const newRefund = (
  collected: CollectOrder,
  channelTradeNo: string,
  facts: Partial<RefundOrder> = {},
): RefundOrder => ({
  channel: collected.channel,
  merchantNo: collected.merchantNo,
  channelOrderNo: newOrderNo(),
  amount: collected.amount,
  callbackUrl: nowhere,
  original: { channelOrderNo: collected.channelOrderNo, channelTradeNo },
  ...facts,
});

/** An invented person; the card decides what happens. */
export const bindRequest = (merchant: MerchantReference, number: string): BindRequest => ({
  ...merchant,
  requestNo: randomUUID(),
  card: { number, holderName: '张小海', idNumber: '999999199001010016', mobile: '13900000000' },
});

/** An invented company; the number decides what happens, as a card's does. */
export const bindAccountRequest = (merchant: MerchantReference, number: string): BindRequest => ({
  ...merchant,
  requestNo: randomUUID(),
  corporateAccount: { number, companyName: '海港 & 贸易 <有限公司>', licenceNo: '91310000TEST000018', bank: 'SANDBOX' },
});

/** The agreement on a card that asks for no code. @throws Error where there is none */
export async function agreementOn(adapter: ChannelAdapter, merchant: MerchantReference, card: string): Promise<string> {
  const request = bindRequest(merchant, card);
  let bound = await adapter.bind(request);
  // on a busy machine an answer may come too late; the same request again has the same answer
  for (let tries = 1; bound.outcome === 'unknown' && tries < 5; tries++) bound = await adapter.bind(request);
  if (bound.outcome !== 'succeeded') throw new Error(`the card was not bound: ${JSON.stringify(bound)}`);
  return bound.agreementNo;
}

const redirectOf = (action: PayerAction): Redirect => {
  if (action.type !== 'redirect') throw new Error('the payer is not sent anywhere');
  return action;
};

/** Opens the cashier as the payer's browser would. @throws Error for an action that is no redirect */
export const openCashier = (action: PayerAction): Promise<Response> => open(redirectOf(action));

/** Presses a button of the cashier's page. @returns what the browser is answered, a redirect to the merchant if all is well */
export const decideAtCashier = (action: PayerAction, decision: 'pay' | 'refuse'): Promise<Response> =>
  decide(redirectOf(action), decision);
