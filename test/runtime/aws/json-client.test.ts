import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DynamoDBClient, PutItemCommand, TransactWriteItemsCommand } from '../../../functions/runtime/aws/dynamodb.ts';
import { SendMessageCommand, SQSClient } from '../../../functions/runtime/aws/sqs.ts';

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers in turn what a troubled service would, which no engine does when asked; the last answer stays. */
let answers: { status: number; body: string }[];
let received: Received[];
let server: Server;
let endpoint: string;

beforeEach(async () => {
  received = [];
  server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    response.writeHead(answer?.status ?? 200).end(answer?.body ?? '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const settings = () => ({
  endpoint,
  region: 'eu-west-1',
  credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' },
});
const ok = { status: 200, body: '{"MessageId":"m-1"}' };
const refusal = (status: number, type: string) => ({ status, body: JSON.stringify({ __type: type, message: 'no' }) });
const put = new PutItemCommand({ TableName: 'table', Item: {} });

describe('a call', () => {
  test('is signed for its service and region, with the session of a role', async () => {
    answers = [ok];
    const answer = await new SQSClient(settings()).send(
      new SendMessageCommand({ QueueUrl: 'queue', MessageBody: 'é' }),
    );
    expect(answer).toEqual({ MessageId: 'm-1' });
    expect(received[0]?.headers).toMatchObject({
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/sqs\/aws4_request, SignedHeaders=\S*x-amz-security-token\S*, Signature=[0-9a-f]{64}$/,
      ),
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-security-token': 'session',
      'x-amz-target': 'AmazonSQS.SendMessage',
    });
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({ QueueUrl: 'queue', MessageBody: 'é' });
  });

  test.each([
    refusal(500, 'com.amazonaws.dynamodb.v20120810#InternalServerError'),
    refusal(400, 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException'),
    { status: 503, body: '<html>busy</html>' },
  ])('is tried again after $status $body', async (trouble) => {
    answers = [trouble, trouble, ok];
    await new DynamoDBClient(settings()).send(put);
    expect(received).toHaveLength(3);
  });

  test('is given up after four tries, with the reason of the last', async () => {
    answers = [refusal(400, 'com.amazonaws.dynamodb.v20120810#ThrottlingException')];
    await expect(new DynamoDBClient(settings()).send(put)).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(received).toHaveLength(4);
  });

  test.each([
    'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
    'com.amazon.coral.validate#ValidationException',
  ])('is not tried again after %s', async (type) => {
    answers = [refusal(400, type)];
    await expect(new DynamoDBClient(settings()).send(put)).rejects.toMatchObject({ name: /[^#]+$/.exec(type)?.[0] });
    expect(received).toHaveLength(1);
  });
});

test('all tries of a transaction carry one token, another transaction another', async () => {
  answers = [refusal(500, 'com.amazonaws.dynamodb.v20120810#InternalServerError'), ok];
  const client = new DynamoDBClient(settings());
  const transaction = new TransactWriteItemsCommand({ TransactItems: [] });
  await client.send(transaction);
  await client.send(transaction);
  const [lost, retried, other] = received.map(({ body }) => JSON.parse(body).ClientRequestToken);
  expect(lost).toMatch(/^[0-9a-f-]{36}$/);
  expect(retried).toBe(lost);
  expect(other).not.toBe(lost);
});

test('a setting that only the SDK knows is refused', () => {
  const unknown = { ...settings(), maxAttempts: 1 };
  expect(() => new SQSClient(unknown)).toThrow('knows no setting maxAttempts');
});
