/** Every law of the contract of `functions/channels/channel-adapter.ts`. */
import { callbackLaws } from './callback-laws.ts';
import { closeLaws } from './close-laws.ts';
import { holderLaws } from './holder-laws.ts';
import type { Law } from './law.ts';
import { lineLaws } from './line-laws.ts';
import { offerLaws } from './offer-laws.ts';
import { orderLaws } from './order-laws.ts';
import { payerLaws } from './payer-laws.ts';
import { watched } from './watch.ts';
import type { World } from './world.ts';

export const laws: readonly Law[] = [
  ...offerLaws,
  ...orderLaws,
  ...payerLaws,
  ...closeLaws,
  ...lineLaws,
  ...holderLaws,
  ...callbackLaws,
];

/** Whether all that the law needs is there. */
export const applies = ({ needs }: Law, without: World['without']): boolean =>
  needs.every((ability) => without[ability] === undefined);

/** @throws AssertionError when the adapter breaks the law */
export async function checkLaw(law: Law, world: World): Promise<void> {
  await law.check(world, watched(world.adapter, world.secrets));
}
