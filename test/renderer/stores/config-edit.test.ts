import { describe, expect, it } from 'vitest';
import { type SessionConfig, sessionConfigSchema } from '../../../src-main/core/session-config.ts';
import {
  freeName,
  movedMessage,
  newConfig,
  wantsTls,
  withSection,
  withTarget,
  withValue,
} from '../../../src-renderer/stores/config-edit.ts';
import { sameData } from '../../../src-renderer/stores/same-data.ts';

const client: SessionConfig = { wirescope: 1, name: 'a', role: 'client', protocol: 'websocket', target: 'ws://h' };

describe('editing a config', () => {
  it('takes keys away instead of setting undefined', () => {
    expect(withValue(client, 'target', undefined)).not.toHaveProperty('target');
    expect(withSection(client, 'websocket', { origin: undefined })).not.toHaveProperty('websocket');
  });

  it('changes one key of a section and keeps the others', () => {
    const once = withSection(client, 'websocket', { compression: false });
    const twice = withSection(once, 'websocket', { origin: 'http://o' });
    expect(twice.websocket).toEqual({ compression: false, origin: 'http://o' });
    expect(withSection(twice, 'websocket', { compression: undefined }).websocket).toEqual({ origin: 'http://o' });
    expect(client).not.toHaveProperty('websocket');
  });

  it('keeps an empty section whose presence means something', () => {
    expect(withSection(client, 'tls', {}, true).tls).toEqual({});
  });

  it.each([
    ['wss://h/x', 'websocket'],
    ['tls://h:1', 'tcp'],
    ['TCP://h:1', 'tcp'],
    ['udp://h:1', 'udp'],
    ['h:1', 'websocket'],
    ['', 'websocket'],
    ['foo://h', 'websocket'],
  ])('the target %j chooses %s', (target, protocol) => {
    expect(withTarget(client, target).protocol).toBe(protocol);
  });
});

describe('new sessions', () => {
  it.each(['client', 'server'] as const)('are valid configs as %s', (role) => {
    for (const protocol of ['websocket', 'tcp', 'udp'] as const)
      expect(() => sessionConfigSchema.parse(newConfig(role, protocol, []))).not.toThrow();
  });

  it('take a free name', () => {
    expect(newConfig('client', 'tcp', []).name).toBe('TCP client');
    expect(newConfig('client', 'tcp', ['TCP client', 'TCP client 2']).name).toBe('TCP client 3');
    expect(freeName('Message 1', ['Message 1'])).toBe('Message 2');
  });
});

it('moves messages', () => {
  const messages = ['a', 'b', 'c'].map((name) => ({ name, text: '' }));
  const names = (from: number, to: number) => movedMessage(messages, from, to).map(({ name }) => name);
  expect(names(0, 2)).toEqual(['b', 'c', 'a']);
  expect(names(2, 0)).toEqual(['c', 'a', 'b']);
  expect(names(0, -1)).toEqual(['a', 'b', 'c']);
  expect(names(7, 0)).toEqual(['a', 'b', 'c']);
});

it('knows who wants TLS', () => {
  expect(wantsTls({ ...client, target: 'wss://h' })).toBe(true);
  expect(wantsTls({ ...client, tls: {} })).toBe(false);
  expect(wantsTls({ ...client, role: 'server', tls: {} })).toBe(true);
});

it('compares plain data', () => {
  expect(sameData({ a: [1, { b: 2 }], c: null }, { c: null, a: [1, { b: 2 }] })).toBe(true);
  expect(sameData({ a: 1 }, { a: 1, b: undefined })).toBe(false);
  expect(sameData([], {})).toBe(false);
  expect(sameData([1], [1, 2])).toBe(false);
  expect(sameData(null, {})).toBe(false);
});
