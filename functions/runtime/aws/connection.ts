/** Where a service is and who calls it, as Lambda tells its functions by their environment. */
import { environmentValue } from '../environment.ts';

/** Those of the SDK's settings that are known here; the environment says what is left out. */
export interface ClientSettings {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: Credentials;
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const known = new Set(['endpoint', 'region', 'credentials']);

/** @throws RangeError for a setting that only the SDK knows, rather than to go on without it */
export function connectionOf(service: string, settings: ClientSettings) {
  const unknown = Object.keys(settings).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new RangeError(`a bundled client of ${service} knows no setting ${unknown.join(', ')}`);
  const region = settings.region ?? environmentValue('AWS_REGION');
  const named = settings.endpoint ?? process.env['AWS_ENDPOINT_URL'];
  const endpoint = named || `https://${service}.${region}.${domainOf(region)}`;
  return { region, endpoint: new URL(endpoint), credentials: settings.credentials ?? environmentCredentials() };
}

/** They stay the same as long as the environment lives. */
function environmentCredentials(): Credentials {
  const sessionToken = process.env['AWS_SESSION_TOKEN'];
  return {
    accessKeyId: environmentValue('AWS_ACCESS_KEY_ID'),
    secretAccessKey: environmentValue('AWS_SECRET_ACCESS_KEY'),
    ...(sessionToken && { sessionToken }),
  };
}

/** https://docs.aws.amazon.com/general/latest/gr/rande.html; the regions of China have a domain of their own */
const domainOf = (region: string): string => (region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com');
