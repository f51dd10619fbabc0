import { readPaymentChange } from '../payment-events.ts';
import { streamHandler } from './stream-changes.ts';

export const handler = streamHandler(readPaymentChange);
