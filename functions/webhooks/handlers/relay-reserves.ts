import { readReserveChange } from '../reserve-events.ts';
import { streamHandler } from './stream-changes.ts';

export const handler = streamHandler(readReserveChange);
