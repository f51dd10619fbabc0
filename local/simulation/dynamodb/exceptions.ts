/** The SDK's own exceptions, as a client would meet them. */
import {
  type AttributeValue,
  type CancellationReason,
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  IdempotentParameterMismatchException,
  InternalServerError,
  ResourceNotFoundException,
  ThrottlingException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';

/** A request that DynamoDB refuses as such; the SDK has no class of its own for it. */
export const invalidRequest = (message: string) =>
  new DynamoDBServiceException({
    name: 'ValidationException',
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
    message,
  });

export const noSuchTable = () =>
  new ResourceNotFoundException({ message: 'Requested resource not found', $metadata: { httpStatusCode: 400 } });

export const conditionFailed = (item: Record<string, AttributeValue> | undefined) =>
  new ConditionalCheckFailedException({
    message: conditionFailedMessage,
    $metadata: { httpStatusCode: 400 },
    ...(item && { Item: item }),
  });

export const conditionFailedMessage = 'The conditional request failed';

/** @param reasons one for each action, in order; `None` for an action that did not stand in the way */
export const transactionCancelled = (reasons: CancellationReason[]) =>
  new TransactionCanceledException({
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map((reason) => reason.Code).join(', ')}]`,
    $metadata: { httpStatusCode: 400 },
    CancellationReasons: reasons,
  });

export const otherRequestUnderToken = () =>
  new IdempotentParameterMismatchException({
    message: 'The request uses the same client token as a previous, but non-identical request',
    $metadata: { httpStatusCode: 400 },
  });

/** A single write met a transaction that holds its item. */
export const conflictingTransaction = () =>
  new TransactionConflictException({
    message: 'Transaction is ongoing for the item',
    $metadata: { httpStatusCode: 400 },
  });

export const throttled = () =>
  new ThrottlingException({
    message: 'Throughput exceeds the current capacity of your table or index',
    $metadata: { httpStatusCode: 400 },
  });

export const internalServerError = () =>
  new InternalServerError({ message: 'Internal server error', $metadata: { httpStatusCode: 500 } });
