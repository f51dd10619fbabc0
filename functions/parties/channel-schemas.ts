/** Of the channels, what the schemas of our routes need. */
export { channelIdSchema, highestPriority, merchantNoSchema } from '../channels/index.ts';
