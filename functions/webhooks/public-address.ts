/**
 * Whether an address is on the public internet. Whoever registers a URL chooses where our functions connect to: never to
 * what only they can reach, such as a metadata service or a neighbour in a network (server-side request forgery).
 */
import { BlockList, isIP } from 'node:net';
import type { ReceiverRules } from './receiver-rules.ts';

/** https://www.iana.org/assignments/iana-ipv4-special-registry: all that is not globally reachable, multicast, reserved. */
const specialIpv4: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** https://www.iana.org/assignments/iana-ipv6-special-registry, within what is given out at all, 2000::/3. */
const specialIpv6: readonly (readonly [network: string, prefix: number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4 carries an IPv4 address, which may be anything
  ['3fff::', 20],
];

const special = new BlockList();
for (const [network, prefix] of specialIpv4) special.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of specialIpv6) special.addSubnet(network, prefix, 'ipv6');

const givenOut = new BlockList();
givenOut.addSubnet('2000::', 3, 'ipv6');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** @param address IPv4 or IPv6 as text; anything else is not public */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !special.check(address, 'ipv4');
  return version === 6 && givenOut.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

export const mayConnectTo = (address: string, { onThisMachine }: ReceiverRules): boolean =>
  isPublicAddress(address) || (onThisMachine && loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'));

/** The host of a URL without the brackets of an IPv6 address. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');
