import { describe, expect, test } from '@jest/globals';
import { isRefusal } from '../../functions/kernel/refusal.ts';
import { isPublicAddress, mayConnectTo } from '../../functions/webhooks/public-address.ts';
import { checkReceiverUrl } from '../../functions/webhooks/receiver-url.ts';

const onAws = { onThisMachine: false };
const here = { onThisMachine: true };

describe('an address', () => {
  test.each([
    '127.0.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254', // the metadata service of EC2
    '169.254.170.2', // and of ECS
    '100.64.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::a9fe:a9fe', // NAT64 of the metadata service
    'fd00:ec2::254', // the metadata service over IPv6
    'fe80::1',
    'fc00::1',
    'ff02::1',
    '2002:7f00:1::', // 6to4 of 127.0.0.1
    '2001:db8::1',
    'localhost',
    '',
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
    expect(mayConnectTo(address, onAws)).toBe(false);
  });

  test.each(['93.184.215.14', '172.32.0.1', '8.8.8.8', '2606:4700::1111', '2a00:1450:4001::5'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  test('of this very machine is let through only where a developer runs it', () => {
    expect(['127.0.0.1', '::1', '10.0.0.1', '169.254.169.254'].filter((each) => mayConnectTo(each, here))).toEqual([
      '127.0.0.1',
      '::1',
    ]);
  });
});

describe('a URL', () => {
  test.each([
    'http://shop.example/hooks',
    'ftp://shop.example/',
    'https://user:word@shop.example/',
    'https://shop.example/#there',
    'https://127.0.0.1/',
    'https://2130706433/', // 127.0.0.1 as one number
    'https://0x7f.1/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://localhost/',
    'https://printer.local/',
    'https://metadata.google.internal/',
    'https://intranet/',
    'shop.example',
    'javascript:alert(1)',
  ])('%s is refused', (url) => {
    expect(checkReceiverUrl(url, onAws)).toMatchObject({ refused: 'url_not_allowed' });
  });

  test('on the public internet is taken, and plain HTTP to this machine only where a developer runs it', () => {
    expect(isRefusal(checkReceiverUrl('https://shop.example:8443/hooks?x=1', onAws))).toBe(false);
    expect(isRefusal(checkReceiverUrl('http://localhost:9000/hooks', here))).toBe(false);
    expect(isRefusal(checkReceiverUrl('http://127.0.0.1:9000/hooks', here))).toBe(false);
    expect(isRefusal(checkReceiverUrl('http://10.0.0.1/hooks', here))).toBe(true);
  });
});
