import { describe, expect, test } from 'vitest';
import { formatAddress, formatPeer, parseAddress } from '../../src-main/capture/address.ts';

describe('addresses', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['::', '::'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['[::1]', '::1'],
    ['example.test', '0.0.0.0'],
    ['', '0.0.0.0'],
  ])('%s reads as %s', (text, expected) => {
    expect(formatAddress(parseAddress(text))).toBe(expected);
  });

  test('a peer with an IPv6 address has brackets', () => {
    expect(formatPeer('::1', 80)).toBe('[::1]:80');
    expect(formatPeer('127.0.0.1', 80)).toBe('127.0.0.1:80');
  });
});
