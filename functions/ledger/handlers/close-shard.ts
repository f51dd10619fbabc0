import * as z from 'zod';
import { eventHandler } from '../../runtime/event.ts';
import { closing } from '../../runtime/wiring/closing.ts';
import { closeRunSchema } from '../close/close-lines.ts';
import { closeShard } from '../close/close-shard.ts';

export const handler = eventHandler(closeRunSchema.extend({ shard: z.int() }), (work) => closeShard(closing(), work));
