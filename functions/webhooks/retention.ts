/** Events and their deliveries are kept for 90 days, then DynamoDB forgets them. */
const keptSeconds = 90 * 86_400;

/** Epoch seconds, as DynamoDB's time to live wants them. */
export const expiryOf = (since: Date): number => Math.floor(since.getTime() / 1000) + keptSeconds;
