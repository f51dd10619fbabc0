/** What bundles hold in place of `@aws-sdk/client-sqs`; a name that is missing here stops the bundling. */
import type { ClientSettings } from './connection.ts';
import { commandOf, JsonClient } from './json-client.ts';

export const SendMessageCommand = commandOf('SendMessage');

export class SQSClient extends JsonClient {
  constructor(settings: ClientSettings) {
    super({ name: 'sqs', version: '1.0', target: 'AmazonSQS' }, settings);
  }
}
