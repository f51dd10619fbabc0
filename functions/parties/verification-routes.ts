import { pageSchema } from '../kernel/page.ts';
import { defineRoute } from '../runtime/route.ts';
import {
  confirmVerificationSchema,
  maskedBody,
  newVerificationSchema,
  verificationParams,
  verificationQuery,
  verificationSchema,
} from './verification/verification-schemas.ts';

export const createVerificationRoute = defineRoute({
  method: 'POST',
  path: '/v1/verifications',
  summary: 'Has a channel verify a person by two, three or four facts, or an enterprise by a small transfer',
  callers: ['institution'],
  body: newVerificationSchema,
  answers: { 201: verificationSchema, 202: verificationSchema },
  fingerprint: maskedBody,
});

export const getVerificationRoute = defineRoute({
  method: 'GET',
  path: '/v1/verifications/{id}',
  summary: 'Shows a verification',
  callers: ['institution', 'operator'],
  params: verificationParams,
  answers: { 200: verificationSchema },
});

export const listVerificationsRoute = defineRoute({
  method: 'GET',
  path: '/v1/verifications',
  summary: "Lists an institution's verifications, newest first",
  callers: ['institution', 'operator'],
  query: verificationQuery,
  answers: { 200: pageSchema(verificationSchema) },
});

export const confirmVerificationRoute = defineRoute({
  method: 'POST',
  path: '/v1/verifications/{id}/confirm',
  summary: 'Tells back the amount that an enterprise verification transferred',
  callers: ['institution'],
  params: verificationParams,
  body: confirmVerificationSchema,
  answers: { 200: verificationSchema },
});
