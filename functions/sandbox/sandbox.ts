/** What the sandbox's use cases need, handed in. */
import type { Clock } from '../kernel/clock.ts';
import type { Table } from '../kernel/table.ts';
import type { CommitWrites } from '../kernel/write.ts';
import type { Callback, CallbackReception } from './callbacks/callback.ts';

export interface Sandbox {
  readonly table: Table;
  readonly commit: CommitWrites;
  readonly clock: Clock;
  readonly sleepMs: (milliseconds: number) => Promise<unknown>;
  /** Posts a callback now, a few times until it is heard, and tells what the merchant said at last. */
  readonly callBack: (callback: Callback) => Promise<CallbackReception>;
  /** Posts it after so many seconds. */
  readonly callBackLater: (callback: Callback, delaySeconds: number) => Promise<void>;
}
