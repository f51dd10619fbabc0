/** The deployed sandbox as the center and scripts reach it: over HTTP, with its secret. */
import { randomUUID } from 'node:crypto';
import {
  type ChannelOrder,
  channelIdSchema,
  type SandboxEndpoint,
  sandboxEndpoint,
} from '../../functions/channels/index.ts';
import { money } from '../../functions/kernel/money.ts';
import { controlSandbox } from '../../local/outsider/sandbox.ts';
import { center, deployed, newMerchantNo, type SandboxChannel } from '../support/deployment.ts';

let secret: Promise<string> | undefined;

export function deployedSandbox(): SandboxEndpoint {
  return sandboxEndpoint({
    baseUrl: deployed('SandboxChannelUrl'),
    secret: () => {
      secret ??= center().readSecret(deployed('SandboxControlSecretArn'));
      return secret;
    },
  });
}

/** Asks something of the sandbox's control side. @throws Error unless it was done. */
export const control = (operation: `/control/${string}`, input: object) => controlSandbox(center(), operation, input);

export const channel = (id: SandboxChannel) => channelIdSchema.parse(id);

export const newMerchant = (id: SandboxChannel) => ({ channel: channel(id), merchantNo: newMerchantNo() });

export const newOrderNo = (): string => randomUUID().replaceAll('-', '').slice(0, 27);

type Merchant = ReturnType<typeof newMerchant>;

export const newOrder = (
  merchant: Merchant,
  agreementNo: string,
  facts: Partial<Pick<ChannelOrder, 'channelOrderNo' | 'amount' | 'product'>> = {},
): ChannelOrder => ({
  ...merchant,
  channelOrderNo: newOrderNo(),
  amount: money(10_000n, 'CNY'),
  product: 'withholding',
  agreementNo,
  ...facts,
});

/** An invented person; the card decides what happens. */
export const bindRequest = (merchant: Merchant, number: string) => ({
  ...merchant,
  requestNo: randomUUID(),
  card: { number, holderName: '张小海', idNumber: '999999199001010016', mobile: '13900000000' },
});
