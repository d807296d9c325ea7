import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { parseRead, parseRun, parseServe } from '../../src-main/headless/command-line.ts';
import { run } from '../../src-main/headless/run.ts';
import { UsageError } from '../../src-main/headless/usage.ts';
import { scratchFolder } from '../engine/fakes.ts';
import { eventually } from '../eventually.ts';

const CLI = join(__dirname, '..', '..', 'src-main', 'cli.ts');

let folder: string;
beforeEach(() => {
  folder = scratchFolder();
});

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs `wirescope ARGS…`. `onError`: called with what standard error holds so far. */
function wirescope(
  args: string[],
  onError: (err: string, child: ChildProcess) => void = () => {},
  stdout: 'pipe' | number = 'pipe',
): Promise<Ended> {
  const child: ChildProcess = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], {
    cwd: folder,
    stdio: ['ignore', stdout, 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout?.on('data', (data) => {
    out += data;
  });
  child.stderr?.on('data', (data) => {
    err += data;
    onError(err, child);
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function withEcho<T>(work: (port: number) => Promise<T>): Promise<T> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) =>
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
  );
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    return await work((server.address() as { port: number }).port);
  } finally {
    for (const client of server.clients) client.terminate();
    server.close();
  }
}

const CHAT = `wirescope: 1
name: Seed chat
role: client
protocol: websocket
target: ws://127.0.0.1:{{port}}/
messages:
  - { name: hello, json: { user: User1, text: "Hello!" } }
script:
  - send: hello
  - expect: { direction: server→client, contains: "Hello!", within: 2s }
  - send: { hex: "00ff" }
  - expect: { hex: "00 ff" }
  - close: { code: 1000, reason: bye }
  - expect: { status: 1000 }
`;

describe('a client', () => {
  test('whose expectations hold ends with 0 and a report of the agreed shape', async () => {
    const file = write('chat.yaml', CHAT);
    const args = ['run', file, '--report', 'json', '--capture', join(folder, 'out.pcapng'), '--messages', '3'];
    const { code, out, err } = await withEcho((port) => wirescope([...args, '--var', `port=${port}`]));
    expect([code, err]).toEqual([0, '']);
    const report = JSON.parse(out);
    expect(Object.keys(report)).toEqual([
      'ok',
      'session',
      'durationMs',
      'connections',
      'records',
      'bytes',
      'steps',
      'messages',
    ]);
    expect(report).toMatchObject({ ok: true, session: 'Seed chat', connections: 1, records: { messages: 4 } });
    expect(report.bytes['client→server']).toBeGreaterThan(0);
    expect(report.steps).toHaveLength(6);
    expect(report.steps[0]).toEqual({ step: 'send hello', ok: true, ms: expect.any(Number), error: null });
    expect(report.messages).toEqual([
      { seq: 5, at: expect.any(Number), direction: 'server→client', json: { user: 'User1', text: 'Hello!' } },
      { seq: 6, at: expect.any(Number), direction: 'client→server', base64: 'AP8=' },
      { seq: 7, at: expect.any(Number), direction: 'server→client', base64: 'AP8=' },
    ]);
    expect(readdirSync(folder).sort()).toEqual(['chat.yaml', 'out.pcapng']);
  });

  test('whose expectation does not hold ends with 1 and says why', async () => {
    const file = write('chat.yaml', CHAT.replace('contains: "Hello!", within: 2s', 'contains: "Bye", within: 50ms'));
    await withEcho(async (port) => {
      const variable = ['--var', `port=${port}`];
      const { code, out } = await wirescope(['run', file, ...variable]);
      expect(code).toBe(1);
      expect(out).toContain('✓ send hello');
      expect(out).toContain('✗ expect server→client contains "Bye" within 50ms');
      expect(out).toContain('within 50 ms');
      const junit = await wirescope(['run', file, ...variable, '--report', 'junit']);
      expect(junit.code).toBe(1);
      expect(junit.out).toMatch(/<testsuite name="Seed chat" tests="2" failures="1" time="[\d.]+">/);
      expect(junit.out).toContain('name="expect server→client contains &quot;Bye&quot; within 50ms"');
    });
  });

  test('whose peer cannot be reached ends with 3', async () => {
    const file = write('chat.yaml', CHAT);
    const { code, out } = await wirescope(['run', file, '--var', 'port=1', '--report', 'json']);
    expect(code).toBe(3);
    const report = JSON.parse(out);
    expect(report).toMatchObject({ ok: false, steps: [{ step: 'connect to ws://127.0.0.1:1/', ok: false }] });
    expect(report.steps[0].error).toContain('127.0.0.1:1');
    expect(report.steps[0].error).toContain('Start the server');
  });

  test('takes variables from an environment, and the command line wins', async () => {
    const file = write('chat.yaml', CHAT);
    mkdirSync(join(folder, 'environments'));
    await withEcho(async (port) => {
      write('environments/local.yaml', `port: ${port}\n`);
      expect((await wirescope(['run', file, '--env', 'local', '--quiet'])).code).toBe(0);
      expect((await wirescope(['run', file, '--env', 'local', '--var', 'port=1', '--quiet'])).code).toBe(3);
    });
  });

  test('with --quiet says nothing when all is well', async () => {
    const file = write('chat.yaml', CHAT);
    const { out, err } = await withEcho((port) => wirescope(['run', file, '--quiet', '--var', `port=${port}`]));
    expect([out, err]).toEqual(['', '']);
  });

  test('reports several files together', async () => {
    const [first, second] = [write('a.yaml', CHAT), write('b.yaml', CHAT.replace('Seed chat', 'Other'))];
    const { code, out } = await withEcho((port) =>
      wirescope(['run', first, second, '--report', 'json', '--var', `port=${port}`]),
    );
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(report.ok).toBe(true);
    expect(report.sessions.map(({ session }: { session: string }) => session)).toEqual(['Seed chat', 'Other']);
  });
});

const GREETER = `wirescope: 1
name: Greeter
role: client
protocol: grpc
target: grpc://127.0.0.1:1
grpc: { method: Greeter/SayHello, schema: { files: [greeter.proto] } }
script:
  - send: { json: {} }
  - expect: { status: OK }
`;

describe('mistakes in a file are found before anything is sent', () => {
  /** The message of the UsageError that `run` ends with. */
  async function refusal(args: string[]): Promise<string> {
    const output = { write: () => Promise.reject(new Error('something was printed')) };
    const surroundings = { parts: realParts, output, log: () => {}, signal: new AbortController().signal };
    const error: unknown = await run(parseRun(args), surroundings).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).message;
  }

  test.each([
    ['an undefined variable', CHAT, [], '{{port}} has no value'],
    ['an unknown key', CHAT.replace('target:', 'tagret:'), ['--var', 'port=1'], 'line 5: unknown key "tagret"'],
    ['an unknown message', CHAT.replace('send: hello', 'send: hallo'), ['--var', 'port=1'], '"hallo"'],
    ['a broken pattern', CHAT.replace('contains: "Hello!"', 'matches: "("'), ['--var', 'port=1'], 'Seed chat'],
    ['an unknown field', CHAT.replace('hex: "00 ff"', 'field: { websocket.opcod: 1 }'), ['--var', 'port=1'], 'Did you'],
    ['a target that is none', CHAT, ['--var', 'port=x'], 'port'],
    ['a scheme of others', CHAT.replace('ws:', 'http:'), ['--var', 'port=1'], 'Write ws://127.0.0.1:1'],
    ['a status that is none', GREETER.replace('OK', 'FINE'), [], 'not a gRPC status'],
    ['a call without a method', GREETER.replace('method: Greeter/SayHello', 'deadlineMs: 5'), [], 'no method is named'],
    ['a broken .proto', GREETER.replace('greeter.proto', 'broken.proto'), [], 'broken.proto:2'],
    ['a capture', CHAT.replace('role: client', 'role: capture'), ['--var', 'port=1'], 'wirescope read'],
  ])('%s', async (_case, text, args, message) => {
    write('greeter.proto', 'syntax = "proto3";\nservice Greeter { rpc SayHello(H) returns (H); }\nmessage H {}\n');
    write('broken.proto', 'syntax = "proto3";\nmessage {}\n');
    expect(await refusal([write('chat.yaml', text), ...args])).toContain(message);
  });

  test('a second file too', async () => {
    const [good, bad] = [write('good.yaml', CHAT), write('bad.yaml', 'wirescope: 1\n')];
    expect(await refusal([good, bad, '--var', 'port=1'])).toContain('bad.yaml');
  });

  test.each([
    [[], 'name a session file'],
    [['missing.yaml'], 'missing.yaml'],
    [['a', 'b', '--capture', 'c'], 'one file only'],
    [['a', '--capture', './a'], './a is read by this run'],
    [['a', '--data', 'b.csv', '--capture', 'b.csv'], 'b.csv is read by this run'],
  ])('run %j', async (args, message) => {
    expect(await refusal(args)).toContain(message);
  });
});

describe('mistakes on the command line are named', () => {
  test.each([
    [() => parseRun(['a', '--report', 'xml']), 'none of text, json, junit'],
    [() => parseRun(['a', '--var', 'x']), 'not NAME=VALUE'],
    [() => parseRun(['a', '--unknown']), '--unknown'],
    [() => parseRead([]), 'name a capture file'],
    [() => parseRead(['a', 'b']), 'one capture at a time'],
    [() => parseRead(['a', '--decode', '80=quic']), 'none of'],
    [() => parseRead(['a', '--decode', '0=http']), 'whole number'],
    [() => parseServe(['--port', '99999']), 'whole number'],
    [() => parseServe(['x']), 'unexpected "x"'],
  ])('%s', (parse, message) => {
    expect(parse).toThrow(message);
    expect(parse).toThrow(UsageError);
  });

  test('and end with 2', async () => {
    for (const [args, message] of [
      [['jump'], 'no command "jump"'],
      [['read', 'missing.pcapng'], 'missing.pcapng'],
    ] as const) {
      const { code, out, err } = await wirescope([...args]);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(message);
    }
  });
});

describe('a server', () => {
  const SERVER = `wirescope: 1
name: Greeter
role: server
protocol: websocket
listen: 127.0.0.1:0
script:
  - send: { text: welcome }
  - expect: { contains: "hi", within: 5s }
  - close: { code: 1000 }
`;

  /** Connects to each address a server prints and answers its greeting. */
  function guest(times: number): (err: string) => void {
    let connected = false;
    return (err) => {
      const address = /listening on (\S+)/.exec(err)?.[1];
      if (!address || connected) return;
      connected = true;
      for (let n = 0; n < times; n += 1) {
        const socket = new WebSocket(`ws://${address}/`);
        socket.on('message', () => socket.send(`hi ${n}`));
        socket.on('error', () => {});
      }
    };
  }

  test('runs its script for a connection and ends', async () => {
    const { code, out, err } = await wirescope(['run', write('server.yaml', SERVER), '--report', 'json'], guest(1));
    expect(code).toBe(0);
    expect(err).toMatch(/^Greeter: listening on 127\.0\.0\.1:\d+\n$/);
    expect(JSON.parse(out).steps.map(({ step }: { step: string }) => step)).toEqual([
      'send {"text":"welcome"}',
      'expect contains "hi" within 5s',
      'close 1000',
    ]);
  });

  test('runs it for as many connections as it is told', async () => {
    const args = ['run', write('server.yaml', SERVER), '--report', 'json', '--connections', '3'];
    const { code, out } = await wirescope(args, guest(3));
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, connections: 3 });
    expect(JSON.parse(out).steps).toHaveLength(9);
  });
});

test('help and version', async () => {
  const { code, out } = await wirescope(['--help']);
  expect(code).toBe(0);
  for (const word of ['serve', 'run', 'read', '--connections', 'Exit codes']) expect(out).toContain(word);
  expect(out).toContain('--keylog');
  const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8'));
  expect((await wirescope(['--version'])).out).toBe(`${version}\n`);
  expect(existsSync(CLI)).toBe(true);
});

describe('interrupted', () => {
  const SERVER = `wirescope: 1
name: Waiter
role: server
protocol: tcp
listen: 127.0.0.1:0
`;

  test('in the middle of a wait, a run ends at once, has failed, and its capture is whole', async () => {
    await withEcho(async (port) => {
      const file = write('wait.yaml', CHAT.replace('send: hello', 'wait: 10m'));
      const kept = join(folder, 'kept.pcapng');
      const interruption = new AbortController();
      let out = '';
      const output = {
        write: async (text: string) => {
          out += text;
          return true;
        },
      };
      const args = [file, file, '--report', 'json', '--var', `port=${port}`];
      const running = run(parseRun(args), { parts: realParts, output, log: () => {}, signal: interruption.signal });
      const single = [file, '--report', 'json', '--capture', kept, '--var', `port=${port}`];
      const keeping = run(parseRun(single), { parts: realParts, output, log: () => {}, signal: interruption.signal });
      await eventually(() => expect(existsSync(kept) && readFileSync(kept).includes('101 Switching')).toBe(true));
      interruption.abort();
      expect(await Promise.all([running, keeping])).toEqual([1, 1]);
      expect(out.match(/"error": "The run was interrupted."/g)).toHaveLength(2);
      const { code, out: count } = await wirescope(['read', kept, '--count', '--filter', 'http']);
      expect([code, count]).toEqual([0, '2\n']);
    });
  });

  test.each([
    ['with a script that nobody came for has failed', 'script: [{ expect: { contains: hi } }]\n', 1],
    ['without a script has done what it was to do', '', 0],
  ])('a server %s', async (_case, script, expected) => {
    const file = write('server.yaml', SERVER + script);
    const { code } = await wirescope(['run', file], (err, child) => {
      if (err.includes('listening on')) child.kill('SIGTERM');
    });
    expect(code).toBe(expected);
  });
});

test('output on a full disk is a failure in words', async () => {
  const full = openSync('/dev/full', 'w');
  const { code, err } = await wirescope(['--help'], () => {}, full);
  closeSync(full);
  expect(code).toBe(2);
  expect(err).toMatch(/^wirescope: The output could not be written\.\nThe disk is full\.\n/);
});

test('a capture is written neither into devices nor into folders, nor are they removed', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const surroundings = { parts: realParts, output: { write: async () => true }, log: () => {} };
  const { signal } = new AbortController();
  for (const path of [folder, pipe]) {
    const running = run(parseRun([write('chat.yaml', CHAT), '--capture', path]), { ...surroundings, signal });
    await expect(running).rejects.toThrow('a folder, a pipe or a device');
    expect(existsSync(path)).toBe(true);
  }
});
