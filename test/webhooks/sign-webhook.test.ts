import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { signWebhook } from '../../functions/webhooks/sign-webhook.ts';
import { newWebhookSecret } from '../../functions/webhooks/webhook-secret.ts';

test('the library of receivers makes and takes the same signature, whatever is signed', () => {
  fc.assert(
    fc.property(fc.json(), fc.stringMatching(/^evt_[0-9A-Z]{26}$/), (body, id) => {
      const secret = newWebhookSecret(randomBytes);
      const sentAt = new Date();
      const headers = signWebhook({ id, sentAt, body }, [newWebhookSecret(randomBytes), secret]);
      const receiver = new Webhook(secret);
      expect(() => receiver.verify(body, { ...headers })).not.toThrow();
      expect(headers['webhook-signature'].split(' ')).toContain(receiver.sign(id, sentAt, body));
      expect(() => receiver.verify(`${body} `, { ...headers })).toThrow();
      expect(() => receiver.verify(body, { ...headers, 'webhook-id': 'evt_other' })).toThrow();
    }),
    { numRuns: 50 },
  );
});

test('a secret is whsec_ and 32 bytes', () => {
  const secret = newWebhookSecret(randomBytes);
  expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
});
