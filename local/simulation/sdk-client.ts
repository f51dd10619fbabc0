/**
 * What the AWS SDK does around a request of its own accord, as `@aws-sdk/client-dynamodb` 3 does by default: it puts a
 * client token on a transaction, and repeats what failed for a passing reason.
 */
import { DynamoDBServiceException, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { type Client, type Command, clientThat, sendTo } from './client.ts';
import type { Self } from './scheduler.ts';

/** The answer did not come: nobody knows whether the request was done. */
export class AnswerLost extends Error {
  /** `TimeoutError` is repeated by the SDK; `AbortError`, the caller's own time limit, is not */
  override readonly name: 'TimeoutError' | 'AbortError';

  constructor(name: 'TimeoutError' | 'AbortError') {
    super('no answer from DynamoDB');
    this.name = name;
  }
}

export interface SdkBehaviour {
  /** the SDK's `maxAttempts` */
  readonly attempts: number;
  /** the upper bound of the first pause, doubled with each further one; a throttled request waits for longer */
  readonly pauseMs: number;
  readonly throttledPauseMs: number;
  /**
   * Whether transactions carry a token, by which DynamoDB knows a repeat for ten minutes. A repeat without one meets its
   * own conditions, as it does when the caller starts over: that is harder on the caller than the SDK is.
   */
  readonly sendsTokens: boolean;
}

export const sdkDefaults: SdkBehaviour = { attempts: 4, pauseMs: 25, throttledPauseMs: 1000, sendsTokens: true };

/** @param client meets every attempt */
export function sdkClient(client: Client, self: Self, behaviour: SdkBehaviour = sdkDefaults): Client {
  return clientThat(async (command) => {
    const request = behaviour.sendsTokens ? withToken(command, self) : command;
    for (let attempt = 1; ; attempt++) {
      try {
        return await self.hear(sendTo(client, request));
      } catch (error) {
        if (!isPassing(error) || attempt === behaviour.attempts) throw error;
        const pauseMs = isThrottling(error) ? behaviour.throttledPauseMs : behaviour.pauseMs;
        await self.sleepMs(self.random() * pauseMs * 2 ** (attempt - 1));
      }
    }
  });
}

function withToken(command: Command, self: Self): Command {
  if (!(command instanceof TransactWriteItemsCommand) || command.input.ClientRequestToken) return command;
  return new TransactWriteItemsCommand({ ...command.input, ClientRequestToken: `${self.name}/${self.random()}` });
}

const throttlingNames = new Set(['ThrottlingException', 'ProvisionedThroughputExceededException']);

const isThrottling = (error: unknown): boolean =>
  error instanceof DynamoDBServiceException && throttlingNames.has(error.name);

const isPassing = (error: unknown): boolean =>
  isThrottling(error) ||
  (error instanceof AnswerLost && error.name === 'TimeoutError') ||
  (error instanceof DynamoDBServiceException && (error.$metadata.httpStatusCode ?? 0) >= 500);
