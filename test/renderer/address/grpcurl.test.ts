import { expect, it, vi } from 'vitest';
import type { SessionConfig } from '../../../src-main/core/session-config.ts';

vi.stubGlobal('window', { location: { protocol: 'http:', host: 'h' } });
vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => {} });
vi.stubGlobal('navigator', { platform: '' });
vi.mock('../../../src-renderer/bridge/bridge.ts', () => ({ bridge: { listen: () => {}, onState: () => {} } }));
const { fromGrpcurl, isGrpcurl } = await import('../../../src-renderer/address/grpcurl.ts');

it.each([
  ['grpcurl -plaintext 127.0.0.1:50051 list', true],
  ['$ grpcurl localhost:1 a.B/C', true],
  ['/usr/local/bin/grpcurl -d @ h:1 a.B/C', true],
  ['C:\\tools\\grpcurl.exe h:1 a.B/C', true],
  ['grpcurl', false],
  ['grpc://127.0.0.1:50051', false],
  ['127.0.0.1:50051', false],
])('%s', (text, is) => expect(isGrpcurl(text)).toBe(is));

it('keeps the session’s name and its saved messages', () => {
  const old: SessionConfig = {
    wirescope: 1,
    name: 'Chat',
    role: 'client',
    protocol: 'websocket',
    target: 'ws://h',
    messages: [
      { name: 'mine', text: 'a' },
      { name: 'message', text: 'b' },
    ],
  };
  const parsed: SessionConfig = {
    wirescope: 1,
    name: 'grpcurl',
    role: 'client',
    protocol: 'grpc',
    target: 'grpc://h:1',
    messages: [{ name: 'message', json: {} }],
  };
  expect(fromGrpcurl(old, parsed)).toEqual({
    ...parsed,
    name: 'Chat',
    messages: [
      { name: 'mine', text: 'a' },
      { name: 'message', json: {} },
    ],
  });
});
