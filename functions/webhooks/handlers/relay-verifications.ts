import { readVerificationChange } from '../verification-events.ts';
import { streamHandler } from './stream-changes.ts';

export const handler = streamHandler(readVerificationChange);
