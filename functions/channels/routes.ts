/** How operators manage channels: configuration of every kind, and merchant numbers. */
import * as z from 'zod';
import { idSchema } from '../kernel/ids.ts';
import { pageSchema, pageWithin } from '../kernel/page.ts';
import { defineRoute } from '../runtime/route.ts';
import { channelIdSchema } from './catalogue.ts';
import {
  changeSchema,
  entryIdSchema,
  entrySchema,
  kindSchema,
  putSchema,
  reasonSchema,
} from './configuration-schemas.ts';
import { fingerprintOf } from './credentials/credentials.ts';
import { merchantParams, merchantSchema, putCredentialsSchema, putMerchantSchema } from './merchant-schemas.ts';

const entryParams = z.object({ kind: kindSchema, id: entryIdSchema });
const changePlace = /^\d{10}$/;

export const listConfigurationRoute = defineRoute({
  method: 'GET',
  path: '/v1/admin/{kind}',
  summary: 'Lists what is configured of a kind, built-in things included; channels with what their adapters can do',
  callers: ['operator'],
  params: z.object({ kind: kindSchema }),
  query: z.object(pageWithin(/^[A-Za-z0-9-]{1,60}$/)),
  answers: { 200: pageSchema(entrySchema) },
});

export const getConfigurationRoute = defineRoute({
  method: 'GET',
  path: '/v1/admin/{kind}/{id}',
  summary: 'Shows one thing that is configured',
  callers: ['operator'],
  params: entryParams,
  answers: { 200: entrySchema },
});

export const putConfigurationRoute = defineRoute({
  method: 'PUT',
  path: '/v1/admin/{kind}/{id}',
  summary: 'Makes or replaces one thing that is configured; it works everywhere within five seconds',
  callers: ['operator'],
  params: entryParams,
  body: putSchema,
  answers: { 200: entrySchema },
});

export const deleteConfigurationRoute = defineRoute({
  method: 'DELETE',
  path: '/v1/admin/{kind}/{id}',
  summary: 'Deletes one thing that is configured; a built-in one of that id comes back',
  callers: ['operator'],
  params: entryParams,
  query: z.object({
    version: z.coerce.number().int().nonnegative().optional().meta({ description: 'what you have seen', example: 3 }),
    reason: reasonSchema.optional(),
  }),
  answers: { 204: null },
});

export const listConfigurationChangesRoute = defineRoute({
  method: 'GET',
  path: '/v1/admin/{kind}/{id}/changes',
  summary: 'Lists who changed one thing, when, from what to what and why, newest first',
  callers: ['operator'],
  params: entryParams,
  query: z.object(pageWithin(changePlace)),
  answers: { 200: pageSchema(changeSchema) },
});

export const listChangesRoute = defineRoute({
  method: 'GET',
  path: '/v1/admin/changes',
  summary: 'Lists all changes of configuration and merchant numbers, newest first',
  callers: ['operator'],
  query: z.object(pageWithin(/^[0-9A-Z]{26}$/)),
  answers: { 200: pageSchema(changeSchema) },
});

export const listMerchantsRoute = defineRoute({
  method: 'GET',
  path: '/v1/admin/merchants',
  summary: 'Lists merchant numbers of a channel or of an institution, the latter in routing order',
  callers: ['operator'],
  query: z
    .object({
      ...pageWithin(/^[a-z0-9-]+\/[A-Za-z0-9_-]{1,32}$/),
      channel: channelIdSchema.optional(),
      institutionId: idSchema('inst').optional(),
    })
    .refine(({ channel, institutionId }) => channel !== undefined || institutionId !== undefined, {
      path: ['channel'],
      message: 'a channel or an institutionId is needed',
    }),
  answers: { 200: pageSchema(merchantSchema) },
});

export const getMerchantRoute = defineRoute({
  method: 'GET',
  path: '/v1/admin/merchants/{channel}/{merchantNo}',
  summary: 'Shows a merchant number',
  callers: ['operator'],
  params: merchantParams,
  answers: { 200: merchantSchema },
});

export const putMerchantRoute = defineRoute({
  method: 'PUT',
  path: '/v1/admin/merchants/{channel}/{merchantNo}',
  summary: 'Suspends or reactivates a merchant number, and says how soon it is asked',
  callers: ['operator'],
  params: merchantParams,
  body: putMerchantSchema,
  answers: { 200: merchantSchema },
});

export const putCredentialsRoute = defineRoute({
  method: 'PUT',
  path: '/v1/admin/merchants/{channel}/{merchantNo}/credentials',
  summary: 'Puts what a merchant number is used with; nobody can read it back',
  callers: ['operator'],
  params: merchantParams,
  body: putCredentialsSchema,
  answers: { 200: merchantSchema },
  fingerprint: ({ credentials, ...body }) => ({ ...body, credentials: fingerprintOf(credentials) }),
});

export const listMerchantChangesRoute = defineRoute({
  method: 'GET',
  path: '/v1/admin/merchants/{channel}/{merchantNo}/changes',
  summary: 'Lists who changed a merchant number or its credentials, newest first',
  callers: ['operator'],
  params: merchantParams,
  query: z.object(pageWithin(changePlace)),
  answers: { 200: pageSchema(changeSchema) },
});
