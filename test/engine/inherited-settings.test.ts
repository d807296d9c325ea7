import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { inheritedSettings } from '../../src-main/engine/workspace/inherited-settings.ts';
import type { FolderSettings } from '../../src-main/workspace/settings-file.ts';

const CLIENT: SessionConfig = { wirescope: 1, name: 'a', role: 'client', protocol: 'websocket', target: 'wss://x' };
const at = (folder: string, defaults: FolderSettings['defaults']) => ({
  folder: join('/w', folder),
  settings: { wirescope: 1 as const, ...(defaults && { defaults }) },
});
const told = (config: SessionConfig, ...settings: ReturnType<typeof at>[]) =>
  inheritedSettings(config, settings, '/w/chat').map(({ path, value, from }) => `${path} = ${value} (${from})`);

test('each setting is told with the nearest file that says so, but for what the session says itself', () => {
  const root = at('', {
    websocket: { headers: { A: 'root', B: 'root', C: 'root' }, compression: false },
    tls: { ca: 'certs/ca.pem', verify: true },
    grpc: { deadlineMs: 5 },
  });
  const chat = at('chat', { websocket: { headers: { B: 'chat', C: 'chat' }, subprotocols: ['v1', 'v2'] } });
  expect(told({ ...CLIENT, websocket: { headers: { C: 'own' } }, tls: { verify: false } }, root, chat).sort()).toEqual([
    `tls.ca = ${join('..', 'certs', 'ca.pem')} (wirescope.yaml)`,
    'websocket.compression = false (wirescope.yaml)',
    'websocket.headers.A = root (wirescope.yaml)',
    'websocket.headers.B = chat (chat/wirescope.yaml)',
    'websocket.subprotocols = ["v1","v2"] (chat/wirescope.yaml)',
  ]);
});

test('a nearer file that says the same changes nothing of where it comes from', () => {
  const [root, chat] = [at('', { proxy: 'http://p:1' }), at('chat', { proxy: 'http://p:1' })];
  expect(told(CLIENT, root, chat)).toEqual(['proxy = http://p:1 (wirescope.yaml)']);
});

test('no value is told of secrets, nor anything where there is nothing', () => {
  const root = at('', { websocket: { headers: { Authorization: 'Bearer x', A: 'a' } } });
  expect(told(CLIENT, root)).toEqual([
    'websocket.headers.Authorization =  (wirescope.yaml)',
    'websocket.headers.A = a (wirescope.yaml)',
  ]);
  expect(told(CLIENT, at('', undefined))).toEqual([]);
  expect(told(CLIENT)).toEqual([]);
});
