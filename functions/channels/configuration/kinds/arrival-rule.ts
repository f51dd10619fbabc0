import * as z from 'zod';
import { merchantNoSchema } from '../../merchant-store.ts';
import { chosenId, defineKind, type Flaw, type Surroundings } from './kind.ts';
import { channelFlaws, channelNameSchema, minorUnitsSchema } from './parts.ts';

/** 到账: at which bank account the settlements of a merchant number arrive, and how they are known there. */
export interface ArrivalRule {
  readonly channel: string;
  readonly merchantNo: string;
  /** a bank account is a merchant number at a channel that delivers bank statements */
  readonly bank: { readonly channel: string; readonly merchantNo: string };
  /** calendar days until a settlement is overdue */
  readonly daysToArrive: number;
  /** what the bank may keep as charges, minor units */
  readonly tolerance: bigint;
  readonly payer?: string | undefined;
  readonly referenceCharacters?: number | undefined;
}

/** Minor units. */
const mostCharges = 100_000;

export const arrivalRuleKind = defineKind({
  id: chosenId,
  schema: z
    .strictObject({
      channel: channelNameSchema,
      merchantNo: merchantNoSchema,
      bank: z.strictObject({ channel: channelNameSchema, merchantNo: merchantNoSchema }),
      daysToArrive: z
        .int()
        .min(0)
        .max(60)
        .meta({ description: 'calendar days after which a settlement is overdue', example: 3 }),
      tolerance: minorUnitsSchema
        .max(mostCharges, `must be ${mostCharges} at most: no bank keeps more`)
        .meta({ description: 'what the bank may keep as charges', example: 0 }),
      payer: z
        .string()
        .trim()
        .min(3)
        .max(70)
        .optional()
        .meta({ description: 'how the bank names the channel: credits without it are matched by reference alone' }),
      referenceCharacters: z
        .int()
        .min(6)
        .max(64)
        .optional()
        .meta({ description: "how many of a settlement number's last characters stand in the bank's text" }),
    })
    .meta({
      id: 'ArrivalRule',
      description: '到账核对: at which bank account what a channel settles for a merchant number is awaited',
    }),
  entity: (id, { tolerance, ...rule }): ArrivalRule & { readonly id: string } => ({
    ...rule,
    id,
    tolerance: BigInt(tolerance),
  }),
  flaws,
});

async function* flaws(
  { id, channel, merchantNo, bank }: ArrivalRule & { readonly id: string },
  { configuration, findMerchant, storedOfKind }: Surroundings,
): AsyncIterable<Flaw> {
  yield* channelFlaws('channel', { channel }, configuration);
  yield* channelFlaws('bank.channel', { channel: bank.channel }, configuration);
  const [merchant, account] = await Promise.all([
    findMerchant(channel, merchantNo),
    findMerchant(bank.channel, bank.merchantNo),
  ]);
  if (!merchant) yield { field: 'merchantNo', message: `${channel} has no merchant number ${merchantNo}` };
  if (!account)
    yield { field: 'bank.merchantNo', message: `${bank.channel} has no merchant number ${bank.merchantNo}` };
  if (merchant && account && merchant.institutionId !== account.institutionId) {
    yield { field: 'bank.merchantNo', message: `${bank.merchantNo} belongs to another institution` };
  }
  if (channel === bank.channel && merchantNo === bank.merchantNo) {
    yield { field: 'bank', message: 'is the merchant number itself' };
  }
  const twin = (await storedOfKind())
    .map((entry) => arrivalRuleKind.read(entry.id, entry.value))
    .find((other) => other.id !== id && other.channel === channel && other.merchantNo === merchantNo);
  if (twin) yield { field: 'merchantNo', message: `the rule ${twin.id} is for the same merchant number` };
}
