/** What a URL has to be so that we would send anything there. Where its name leads is checked with each connection. */
import { isIP } from 'node:net';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import { hostOf, mayConnectTo } from './public-address.ts';
import type { ReceiverRules } from './receiver-rules.ts';

export function checkReceiverUrl(text: string, rules: ReceiverRules): URL | Refusal<'url_not_allowed'> {
  const url = URL.parse(text);
  if (!url) return refuse('url_not_allowed', 'The text is no URL: one begins with https:// and names a host.');
  const plain = url.protocol === 'http:' && rules.onThisMachine;
  if (url.protocol !== 'https:' && !plain) return refuse('url_not_allowed', 'The URL must begin with https://.');
  if (url.username || url.password) return refuse('url_not_allowed', 'The URL must not hold credentials.');
  if (url.hash) return refuse('url_not_allowed', 'The URL must not have a fragment.');
  const host = hostOf(url);
  const elsewhere = isIP(host) ? !mayConnectTo(host, rules) : isLocalName(host) && !rules.onThisMachine;
  return elsewhere ? refuse('url_not_allowed', 'The URL must lead to a host on the public internet.') : url;
}

/** RFC 6761 and 8375: names that never leave a machine or a house. */
const isLocalName = (host: string): boolean =>
  !host.includes('.') || /(^|\.)(localhost|local|internal|home\.arpa)\.?$/i.test(host);
