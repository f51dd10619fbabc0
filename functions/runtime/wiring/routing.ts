/** Routing and merchant reserves: what learns from payments, what operators look at, and what asks channels for balances. */
import type { Channels, Observing, Reserves } from '../../channels/index.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import type { BindingId } from '../../kernel/ids.ts';
import { findBinding } from '../../parties/index.ts';
import { commitWrites, lazily, tableNamed } from './base.ts';
import { channels } from './channels.ts';
import { parties } from './parties.ts';

/** For the reader of the payments' stream. */
export const observing = /* @__PURE__ */ lazily(
  (): Observing => ({ table: tableNamed('CHANNELS_TABLE'), clock: systemClock, random: Math.random }),
);

export const reserves = /* @__PURE__ */ lazily(
  (): Reserves => ({ table: tableNamed('CHANNELS_TABLE'), commit: commitWrites(), clock: systemClock }),
);

export const refreshing = /* @__PURE__ */ lazily((): Reserves & Channels => ({ ...channels(), ...reserves() }));

interface Explaining {
  readonly channels: Channels;
  readonly clock: Clock;
  /** whose agreements, bank and limits an order would have: `parties` keeps them */
  readonly findBinding: (id: BindingId) => ReturnType<typeof findBinding>;
}

export const explaining = /* @__PURE__ */ lazily(
  (): Explaining => ({ channels: channels(), clock: systemClock, findBinding: (id) => findBinding(parties(), id) }),
);
