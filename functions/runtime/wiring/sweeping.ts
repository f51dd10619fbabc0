import type { Sweeping } from '../../payments/index.ts';
import { lazily } from './base.ts';
import { batchMessages } from './batches.ts';
import { looks } from './callbacks.ts';
import { payments } from './payments.ts';

export const sweeping = /* @__PURE__ */ lazily((): Sweeping => {
  const { table, clock, followUps } = payments();
  return { table, clock, followUps, looks: looks(), batchQueue: batchMessages() };
});
