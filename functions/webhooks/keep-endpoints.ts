/** Endpoints as their institution keeps them. A secret leaves once, in the answer of the request that made it. */
import { type InstitutionId, idOfOperation, type WebhookEndpointId } from '../kernel/ids.ts';
import { type Page, type PageRequest, pageOf } from '../kernel/page.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import { maximumEndpoints, maximumRetiring, rotationOverlapMs, unexpired, type WebhookEndpoint } from './endpoint.ts';
import { addEndpoint, deleteEndpoint, endpointsOf, readEndpoint, replaceEndpoint } from './endpoint-store.ts';
import { checkReceiverUrl } from './receiver-url.ts';
import type { EndpointKeeping } from './webhooks.ts';

export interface EndpointName {
  readonly institutionId: InstitutionId;
  readonly id: WebhookEndpointId;
}

export interface WithSecret {
  readonly endpoint: WebhookEndpoint;
  readonly secret: string;
}

type NotFound = Refusal<'not_found'>;

const noEndpoint = () => refuse('not_found', 'There is no such webhook endpoint.');
const changedMeanwhile = () => refuse('changed_meanwhile', 'Another request changed the endpoint at this moment.');

/**
 * The id follows from the operation: a repeated one gives the endpoint another secret, since nobody has seen the first.
 * Two requests at once may pass the limit by one, which does no harm.
 */
export async function registerEndpoint(
  { table, clock, sealSecret, newSecret, receivers }: EndpointKeeping,
  command: Pick<WebhookEndpoint, 'institutionId' | 'url' | 'eventTypes' | 'description'> & {
    readonly operationId: string;
  },
): Promise<WithSecret | Refusal<'url_not_allowed' | 'too_many_endpoints' | 'changed_meanwhile'>> {
  const { operationId, ...facts } = command;
  const url = checkReceiverUrl(facts.url, receivers);
  if (isRefusal(url)) return url;
  const id = idOfOperation('wep', operationId);
  const others = (await endpointsOf(table, facts.institutionId)).filter((endpoint) => endpoint.id !== id);
  if (others.length >= maximumEndpoints) {
    return refuse('too_many_endpoints', `An institution may have ${maximumEndpoints} endpoints.`);
  }
  const secret = newSecret();
  const endpoint: WebhookEndpoint = {
    ...facts,
    id,
    url: url.href,
    status: 'active',
    secret: await sealSecret(id, secret),
    retiring: [],
    createdAt: clock(),
    version: 1,
  };
  return (await addEndpoint(table, endpoint)) ? { endpoint, secret } : changedMeanwhile();
}

/** The old secret signs beside the new one for a day, so that a receiver can change over in its own time. */
export async function rotateSecret(
  { table, clock, sealSecret, newSecret }: EndpointKeeping,
  { institutionId, id }: EndpointName,
): Promise<WithSecret | Refusal<'not_found' | 'changed_meanwhile' | 'rotated_too_often'>> {
  const endpoint = await readEndpoint(table, institutionId, id);
  if (!endpoint) return noEndpoint();
  const now = clock();
  const until = new Date(now.getTime() + rotationOverlapMs);
  const retiring = [{ secret: endpoint.secret, until }, ...unexpired(endpoint.retiring, now)];
  if (retiring.length > maximumRetiring) {
    return refuse('rotated_too_often', `${maximumRetiring} secrets of the last day still sign: rotate tomorrow.`);
  }
  const secret = newSecret();
  const rotated = { ...endpoint, secret: await sealSecret(id, secret), retiring, version: endpoint.version + 1 };
  return (await replaceEndpoint(table, endpoint, rotated)) ? { endpoint: rotated, secret } : changedMeanwhile();
}

/** What it missed stays dead until it is replayed. An endpoint that is active stays as it is. */
export async function enableEndpoint(
  { table }: Pick<EndpointKeeping, 'table'>,
  { institutionId, id }: EndpointName,
): Promise<WebhookEndpoint | Refusal<'not_found' | 'changed_meanwhile'>> {
  const endpoint = await readEndpoint(table, institutionId, id);
  if (!endpoint) return noEndpoint();
  if (endpoint.status === 'active') return endpoint;
  const { disabled: _, failingSince: __, ...kept } = endpoint;
  const enabled: WebhookEndpoint = { ...kept, status: 'active', version: endpoint.version + 1 };
  return (await replaceEndpoint(table, endpoint, enabled)) ? enabled : changedMeanwhile();
}

/** Its secrets go with it; what was on its way there ends as dead. */
export async function removeEndpoint(
  { table }: Pick<EndpointKeeping, 'table'>,
  { institutionId, id }: EndpointName,
): Promise<'removed' | NotFound> {
  const endpoint = await readEndpoint(table, institutionId, id);
  if (!endpoint) return noEndpoint();
  await deleteEndpoint(table, endpoint);
  return 'removed';
}

export async function findEndpoint(
  { table }: Pick<EndpointKeeping, 'table'>,
  { institutionId, id }: EndpointName,
): Promise<WebhookEndpoint | NotFound> {
  return (await readEndpoint(table, institutionId, id)) ?? noEndpoint();
}

/** Oldest first. */
export async function listEndpoints(
  { table }: Pick<EndpointKeeping, 'table'>,
  institutionId: InstitutionId,
  { limit, after }: PageRequest,
): Promise<Page<WebhookEndpoint>> {
  const all = await endpointsOf(table, institutionId);
  const rest = all.filter(({ id }) => after === undefined || id > after);
  return pageOf(rest, limit, ({ id }) => id);
}
