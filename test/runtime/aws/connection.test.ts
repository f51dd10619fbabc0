import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connectionOf } from '../../../functions/runtime/aws/connection.ts';

const original = process.env;

/** what Lambda sets for a function with a role */
beforeEach(() => {
  process.env = {
    AWS_REGION: 'ap-southeast-1',
    AWS_ACCESS_KEY_ID: 'ASIA',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'session',
  };
});
afterEach(() => {
  process.env = original;
});

test('a function calls the service of its region with the credentials of its role', () => {
  expect(connectionOf('dynamodb', {})).toEqual({
    region: 'ap-southeast-1',
    endpoint: new URL('https://dynamodb.ap-southeast-1.amazonaws.com'),
    credentials: { accessKeyId: 'ASIA', secretAccessKey: 'secret', sessionToken: 'session' },
  });
});

test('the regions of China have a domain of their own', () => {
  process.env['AWS_REGION'] = 'cn-north-1';
  expect(connectionOf('sqs', {}).endpoint.host).toBe('sqs.cn-north-1.amazonaws.com.cn');
});

test('AWS_ENDPOINT_URL leads to an emulator', () => {
  process.env['AWS_ENDPOINT_URL'] = 'http://localhost:4566';
  expect(connectionOf('sqs', {}).endpoint.host).toBe('localhost:4566');
});

test('without credentials the cold start ends with what is missing', () => {
  delete process.env['AWS_SECRET_ACCESS_KEY'];
  expect(() => connectionOf('sqs', {})).toThrow('AWS_SECRET_ACCESS_KEY');
});
