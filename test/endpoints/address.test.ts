import { describe, expect, it } from 'vitest';
import type { ProtocolName } from '../../src-main/core/session-config.ts';
import { formatAddress, parseListen, parseTarget } from '../../src-main/endpoints/address.ts';
import { EndpointError } from '../../src-main/endpoints/endpoint.ts';

function problem(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (error instanceof EndpointError) return error.problem;
  }
  throw new Error('there was no EndpointError');
}

describe('parseTarget', () => {
  it.each<[string, ProtocolName, ReturnType<typeof parseTarget>]>([
    ['ws://host', 'websocket', { scheme: 'ws', host: 'host', port: 80, path: '/', tls: false }],
    ['wss://h:9/a/b?c=d', 'websocket', { scheme: 'wss', host: 'h', port: 9, path: '/a/b?c=d', tls: true }],
    ['WSS://h', 'websocket', { scheme: 'wss', host: 'h', port: 443, path: '/', tls: true }],
    ['ws://h?q', 'websocket', { scheme: 'ws', host: 'h', port: 80, path: '/?q', tls: false }],
    [' 127.0.0.1:9001/x ', 'websocket', { scheme: 'ws', host: '127.0.0.1', port: 9001, path: '/x', tls: false }],
    ['[::1]:9001/x', 'websocket', { scheme: 'ws', host: '::1', port: 9001, path: '/x', tls: false }],
    ['::1', 'websocket', { scheme: 'ws', host: '::1', port: 80, path: '/', tls: false }],
    ['wss://[fe80::1%25eth0]/', 'websocket', { scheme: 'wss', host: 'fe80::1%eth0', port: 443, path: '/', tls: true }],
    [
      'ws://münchen.example:1',
      'websocket',
      { scheme: 'ws', host: 'xn--mnchen-3ya.example', port: 1, path: '/', tls: false },
    ],
    ['tcp://h:7', 'tcp', { scheme: 'tcp', host: 'h', port: 7, path: '', tls: false }],
    ['tls://[::1]:7/', 'tcp', { scheme: 'tls', host: '::1', port: 7, path: '', tls: true }],
    ['h:65535', 'tcp', { scheme: 'tcp', host: 'h', port: 65_535, path: '', tls: false }],
    ['udp://224.0.0.1:5', 'udp', { scheme: 'udp', host: '224.0.0.1', port: 5, path: '', tls: false }],
  ])('reads %s as %s', (target, protocol, expected) => {
    expect(parseTarget(target, protocol)).toEqual(expected);
  });

  it.each<[string, ProtocolName, string, string]>([
    ['', 'tcp', 'no target', 'tcp://127.0.0.1:7000'],
    ['ws://a b/', 'websocket', 'white space', '%20'],
    ['http://h/x', 'websocket', 'http://', 'Write ws://h/x.'],
    ['https://h', 'websocket', 'https://', 'Write wss://h.'],
    ['ws://h', 'tcp', 'does not belong', 'Switch to websocket'],
    ['ftp://h', 'tcp', 'not a scheme', 'tcp://'],
    ['ws://ann:pw@h', 'websocket', 'user name', 'Basic auth'],
    ['h', 'tcp', 'names no port', 'tcp://h:7000'],
    ['::1', 'tcp', 'names no port', 'tcp://[::1]:7000'],
    ['h:0', 'tcp', 'port 0', '1 to 65535'],
    ['h:70000', 'tcp', 'not a port', '65535'],
    ['h:x', 'tcp', 'not a port', '65535'],
    ['ws://:80', 'websocket', 'no host', '127.0.0.1'],
    ['ws:///x', 'websocket', 'no host', '127.0.0.1'],
    ['1:2:3', 'tcp', 'several colons', '[::1]:9001'],
    ['[::1', 'tcp', 'brackets', '[::1]:9001'],
    ['[example]:1', 'tcp', 'brackets', '[::1]:9001'],
    ['ws://h/#top', 'websocket', 'fragment', '%23'],
    ['tcp://h:1/x', 'tcp', 'has a path', '/x'],
    ['ho$t:1', 'tcp', 'not a host name', 'hyphens'],
  ])('says what to write instead of %s for %s', (target, protocol, what, next) => {
    const { what: said, next: advice } = problem(() => parseTarget(target, protocol));
    expect(said).toContain(what);
    expect(advice).toContain(next);
  });

  it('never repeats a password', () => {
    for (const target of ['ws://ann:hunter2@h', 'http://ann:hunter2@h', 'ws://ann:hunter2@h/ x', 'ann: hunter2@h'])
      expect(JSON.stringify(problem(() => parseTarget(target, 'websocket')))).not.toContain('hunter2');
  });
});

describe('parseListen', () => {
  it.each([
    [undefined, '127.0.0.1', 0],
    ['', '127.0.0.1', 0],
    ['9001', '127.0.0.1', 9001],
    ['127.0.0.1:9001', '127.0.0.1', 9001],
    ['127.0.0.1', '127.0.0.1', 0],
    ['localhost:0', 'localhost', 0],
    [':9001', '', 9001],
    ['*:9001', '', 9001],
    ['0.0.0.0:1', '0.0.0.0', 1],
    ['[::]:9001', '::', 9001],
    ['::1', '::1', 0],
  ])('reads %s', (listen, host, port) => {
    expect(parseListen(listen)).toEqual({ host, port });
  });

  it.each(['ws://127.0.0.1:1', 'h:x', '1:2:3', ':99999'])('rejects %s in words', (listen) => {
    expect(problem(() => parseListen(listen)).next).not.toBe('');
  });
});

it('formats IPv6 addresses in brackets', () => {
  expect(formatAddress('::1', 80)).toBe('[::1]:80');
  expect(formatAddress('h', 80)).toBe('h:80');
});
