import { readReconciliationChange } from '../reconciliation-events.ts';
import { streamHandler } from './stream-changes.ts';

export const handler = streamHandler(readReconciliationChange);
