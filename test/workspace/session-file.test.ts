import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import {
  formatSessionFile,
  parseSessionFile,
  readSessionFile,
  writeSessionFile,
} from '../../src-main/workspace/session-file.ts';

const chat = `wirescope: 1
name: Seed chat
role: client
protocol: websocket
target: ws://127.0.0.1:9001/chat
websocket: { headers: { X-Team: a }, subprotocols: [chat.v1], compression: true }
messages:
  - { name: hello, json: { user: User1, text: "Hello!" } }
  - { name: bytes, hex: "00ff" }
script:
  - send: hello
  - expect: { direction: server→client, contains: "Hello!", within: 2s }
  - wait: 100ms
  - ping: { hex: "01" }
  - endStreaming
  - close: { code: 1000, reason: bye }
`;

function errorOf(text: string): string {
  try {
    parseSessionFile(text, 'chat.yaml');
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the file was accepted');
}

describe('reading', () => {
  test('a session file becomes its config', () => {
    const config = parseSessionFile(chat, 'chat.yaml');
    expect(config.name).toBe('Seed chat');
    expect(config.messages).toEqual([
      { name: 'hello', json: { user: 'User1', text: 'Hello!' } },
      { name: 'bytes', hex: '00ff' },
    ]);
    expect(config.script).toHaveLength(6);
  });

  test('whole numbers of messages of gRPC keep their digits', () => {
    const grpc = chat
      .replace('websocket\n', 'grpc\n')
      .replace('user: User1', 'id: -9223372036854775808, n: 5, x: 1e30');
    expect(parseSessionFile(grpc, 'x').messages?.[0]).toMatchObject({
      json: { id: '-9223372036854775808', n: 5, x: 1e30 },
    });
    // Elsewhere nothing says that a string is a number.
    const other = chat.replace('user: User1', 'id: 9223372036854775808');
    expect(parseSessionFile(other, 'x').messages?.[0]).toMatchObject({ json: { id: 2 ** 63 } });
  });

  test.each([
    ['an unknown key', chat.replace('target:', 'tagret:'), 'chat.yaml, line 5: unknown key "tagret"'],
    [
      'an unknown key inside',
      chat.replace('compression', 'compresion'),
      'chat.yaml, line 6: unknown key "compresion" in websocket',
    ],
    ['an unknown step', chat.replace('- wait:', '- wiat:'), 'chat.yaml, line 13: unknown key "wiat" in script.2'],
    [
      'an unknown key of a step',
      chat.replace('contains', 'contians'),
      'chat.yaml, line 12: unknown key "contians" in script.1.expect',
    ],
    ['a missing key', chat.replace('role: client\n', ''), 'chat.yaml, line 1: role'],
    ['a wrong value', chat.replace('role: client', 'role: clinet'), 'chat.yaml, line 3: role'],
    ['a wrong value in a message', chat.replace('"00ff"', '[1]'), 'chat.yaml, line 9: messages.1.hex'],
    ['broken YAML', chat.replace('- send: hello', '- send: [hello'), 'chat.yaml, line'],
    ['a duplicate key', `${chat}name: again\n`, 'chat.yaml, line 17: '],
    ['a newer format', chat.replace('wirescope: 1', 'wirescope: 2'), 'chat.yaml, line 1: format version 2 is newer'],
    ['no format', chat.replace('wirescope: 1\n', ''), 'chat.yaml: the format version is missing'],
    ['another kind of file', '- 1\n- 2\n', 'chat.yaml: this is not a session file'],
    ['an empty file', '', 'chat.yaml: this is not a session file'],
  ])('%s is an error that names its line', (_case, text, message) => {
    expect(errorOf(text)).toContain(message);
  });

  test('aliases cannot be used to blow up memory', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const [here, before] of ['ba', 'cb', 'dc', 'ed', 'fe'].map((pair) => [pair[0], pair[1]]))
      bomb.push(`${here}: &${here} [${Array(9).fill(`*${before}`).join(', ')}]`);
    expect(() => parseSessionFile(bomb.join('\n'), 'bomb.yaml')).toThrow();
  });
});

describe('writing', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wirescope-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('what is written reads back the same', async () => {
    const config = parseSessionFile(chat, 'chat.yaml');
    const path = join(folder, 'chat.yaml');
    await writeSessionFile(path, config);
    expect(await readSessionFile(path)).toEqual(config);
    expect(await readdir(folder)).toEqual(['chat.yaml']);
  });

  test('secrets are not written, references to them are', () => {
    const config: SessionConfig = {
      ...parseSessionFile(chat, 'chat.yaml'),
      target: 'ws://joe:s3cret-1@127.0.0.1:9001/',
      proxy: 'socks5://joe:s3cret-2@127.0.0.1:1080',
      tls: { passphrase: 's3cret-3', ca: 'ca.pem' },
      websocket: {
        headers: {
          authorization: 'Bearer s3cret-4',
          Cookie: 's3cret-5',
          'Proxy-Authorization': '{{token}}',
          'X-A': 'b',
        },
        basicAuth: { user: 'joe', password: 's3cret-6' },
        cookies: { sid: 's3cret-7' },
      },
      grpc: { metadata: { Authorization: ['s3cret-8', '{{token}}'], cookie: '{{cookie}}', 'x-a': ['b', 'c'] } },
      script: [{ send: 'hello', metadata: { authorization: 's3cret-9' } }],
    };
    const text = formatSessionFile(config);
    expect(text).not.toContain('s3cret');
    expect(parseSessionFile(text, 'x.yaml').websocket).toEqual({
      headers: { authorization: '', Cookie: '', 'Proxy-Authorization': '{{token}}', 'X-A': 'b' },
      basicAuth: { user: 'joe' },
      cookies: { sid: '' },
    });
    expect(parseSessionFile(text, 'x.yaml').grpc).toEqual({
      metadata: { Authorization: '', cookie: '{{cookie}}', 'x-a': ['b', 'c'] },
    });
    expect(parseSessionFile(text, 'x.yaml').proxy).toBe('socks5://127.0.0.1:1080');
  });

  test('a failed write leaves the old file and nothing else', async () => {
    await expect(writeSessionFile(join(folder, 'missing', 'x.yaml'), parseSessionFile(chat, 'x'))).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
  });
});
