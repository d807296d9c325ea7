// What a capture session says of its ports: kept in its config, in force when the capture is read again.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCapture } from '../../src-main/capture/capture.ts';
import type { DecodeRule, SessionConfig } from '../../src-main/core/session-config.ts';
import { sessionConfigSchema } from '../../src-main/core/session-config.ts';
import { Session } from '../../src-main/engine/session/session.ts';
import { pcapng, tcp } from '../capture/packets.ts';
import { frame } from '../capture/websocket.ts';
import { eventually } from '../eventually.ts';
import { fakeParts, fakeSessionHost } from './fakes.ts';

/** To port 9001, from the middle of their conversations: a WebSocket frame, and two messages behind their lengths. */
const FROM_SERVER = { from: '10.0.0.2', to: '10.0.0.1', fromPort: 9001, toPort: 50_000 };
const WEBSOCKET = pcapng([tcp({ ...FROM_SERVER, seq: 1, payload: frame(1, 'hello') })]);
const PREFIXED = pcapng([tcp({ ...FROM_SERVER, seq: 1, payload: '\0\x03one\0\x05three' })]);

let session: Session;
let config: SessionConfig;

function open(bytes: Uint8Array): void {
  const host = fakeSessionHost({ ...fakeParts(), openCapture });
  writeFileSync(join(host.folder, 'wire.pcapng'), bytes);
  config = { wirescope: 1, name: 'wire', role: 'capture', protocol: 'tcp', file: 'wire.pcapng' };
  session = new Session('s', config, host);
}

/** Kinds and summaries of what the messages are, read by these rules. */
async function readBy(...decode: DecodeRule[]): Promise<string[]> {
  session.configure(sessionConfigSchema.parse({ ...config, decode }));
  await session.start();
  await eventually(() => expect(session.state().phase).toBe('closed'));
  const { rows } = session.timeline.rows({ level: 'messages' }, 0, 100);
  return rows.filter(({ direction }) => direction !== 0).map(({ protocol, summary }) => `${protocol} ${summary}`);
}

afterEach(() => session.dispose());

describe('frames without their handshake', () => {
  beforeEach(() => open(WEBSOCKET));

  test('are TCP until the port is said to be WebSocket, and again when that is taken back', async () => {
    expect(await readBy()).toEqual([expect.stringMatching(/^tcp /)]);
    expect(await readBy({ port: 9001, as: 'websocket' })).toEqual(['websocket hello']);
    expect(await readBy({ port: 9002, as: 'websocket' })).toEqual([expect.stringMatching(/^tcp /)]);
  });

  test('a port cannot be two things', async () => {
    const rules: DecodeRule[] = [
      { port: 9001, as: 'websocket' },
      { port: 9001, as: 'http2' },
    ];
    await expect(readBy(...rules)).rejects.toMatchObject({
      problem: { what: 'Port 9001 is to be decoded in two ways.', next: 'Delete one of them.' },
    });
  });
});

describe('TCP', () => {
  beforeEach(() => open(PREFIXED));

  test('has the framing that its port is said to have', async () => {
    const rule = { port: 9001, as: 'tcp', framing: 'length-prefix', prefixBytes: 2 } as const;
    expect(await readBy(rule)).toEqual(['tcp one', 'tcp three']);
  });

  test('a framing that lacks something says what', async () => {
    await expect(readBy({ port: 9001, as: 'tcp', framing: 'fixed' })).rejects.toMatchObject({
      problem: { what: 'The framing “fixed” needs a length.' },
    });
    expect(session.state().phase).toBe('failed');
  });
});

test.each([
  { port: 0, as: 'websocket' },
  { port: 65_536, as: 'tcp' },
  { port: 1.5, as: 'tcp' },
  { port: 9000, as: 'quic' },
])('%j is no rule', (rule) => {
  open(WEBSOCKET);
  expect(() => sessionConfigSchema.parse({ ...config, decode: [rule] })).toThrow();
});
