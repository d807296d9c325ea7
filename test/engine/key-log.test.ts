// A key log attached to an opened capture: the session's config names it, and starting the session again reads with it.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCapture } from '../../src-main/capture/capture.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { Session } from '../../src-main/engine/session/session.ts';
import { converse, say } from '../capture/tls-traffic.ts';
import { eventually } from '../eventually.ts';
import { fakeParts, fakeSessionHost } from './fakes.ts';

test('opens encrypted, is decrypted once the key log is attached, and closed again without it', async () => {
  const traffic = await converse(async (client, server) => {
    await say(client, server, 'GET /chat HTTP/1.1\r\nHost: example.test\r\n\r\n');
    await say(server, client, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi');
  });
  const host = fakeSessionHost({ ...fakeParts(), openCapture });
  copyFileSync(traffic.path, join(host.folder, 'wire.pcapng'));
  copyFileSync(traffic.keyLogPath, join(host.folder, 'keys.log'));
  const config: SessionConfig = {
    wirescope: 1,
    name: 'wire',
    role: 'capture',
    protocol: 'tcp',
    file: 'wire.pcapng',
  };
  const session = new Session('s', config, host);
  const summaries = async (): Promise<string[]> => {
    await session.start();
    await eventually(() => expect(session.state().phase).toBe('closed'));
    return session.timeline.rows({ level: 'messages' }, 0, 100).rows.map(({ summary }) => summary);
  };
  expect((await summaries()).join('\n')).toContain('a key log (SSLKEYLOGFILE) of this session is needed');

  session.configure({ ...config, keylog: 'keys.log' });
  expect(await summaries()).toEqual(expect.arrayContaining(['GET /chat', '200 OK']));

  session.configure(config);
  expect(await summaries()).not.toContain('GET /chat');

  session.configure({ ...config, keylog: 'none.log' });
  await expect(session.start()).rejects.toMatchObject({ problem: { why: 'There is no such file or folder.' } });
  expect(session.state().phase).toBe('failed');
  await session.dispose();
});
