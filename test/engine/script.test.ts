import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Control } from '../../src-main/bridge/contract.ts';
import { type Capture, createCapture } from '../../src-main/capture/capture.ts';
import { Direction } from '../../src-main/core/record.ts';
import type { ConnectionRecorder } from '../../src-main/core/recorder.ts';
import type { Content, SavedMessage, Step } from '../../src-main/core/session-config.ts';
import { compileExpectation } from '../../src-main/engine/scripts/expectation.ts';
import { describeStep, runScript, type ScriptPeer, unknownMessages } from '../../src-main/engine/scripts/steps.ts';
import { createDynamics } from '../../src-main/workspace/dynamics.ts';
import { VariableScope } from '../../src-main/workspace/variables.ts';
import { scratchFolder } from './fakes.ts';

/** A peer over a real capture of a line-framed TCP connection; `answers` to each line that is sent. */
class Stage implements ScriptPeer {
  readonly folder = scratchFolder();
  readonly capture: Capture = createCapture(join(this.folder, 'x.pcapng'));
  readonly incoming = 'server→client';
  readonly protocol = 'tcp';
  readonly calls = [];
  readonly schema = undefined;
  readonly commands: Control[] = [];
  answers: (line: string) => string[] = () => [];
  closed = false;
  readonly #connection: ConnectionRecorder;
  readonly #listeners = new Set<() => void>();

  constructor() {
    const { recorder } = this.capture;
    this.#connection = recorder.connection(
      {
        transport: 'tcp',
        client: { address: '127.0.0.1', port: 40_000 },
        server: { address: '127.0.0.1', port: 9 },
        decrypted: false,
        dissectAs: { protocol: 'tcp', framing: { kind: 'lines' } },
      },
      recorder.now(),
    );
    this.capture.onGrowth(() => this.#tell());
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async send(content: Content): Promise<void> {
    const line = 'text' in content ? content.text : JSON.stringify('json' in content ? content.json : content);
    this.line(Direction.clientToServer, line);
    for (const answer of this.answers(line)) this.line(Direction.serverToClient, answer);
  }

  together(): (content: Content) => Promise<void> {
    return (content) => this.send(content);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async control(command: Control): Promise<void> {
    this.commands.push(command);
  }

  line(direction: Direction, text: string): void {
    this.#connection.chunk(direction, new TextEncoder().encode(`${text}\n`), this.capture.recorder.now());
  }

  close(): void {
    this.closed = true;
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

let stage: Stage;
let variables: VariableScope;
beforeEach(() => {
  stage = new Stage();
  variables = new VariableScope([], createDynamics());
});
afterEach(() => stage.capture.dispose());

const MESSAGES: SavedMessage[] = [{ name: 'hello', json: { user: 'User1', text: 'Hello!' } }];

function run(script: Step[], messages: readonly SavedMessage[] = MESSAGES) {
  return runScript(script, { messages, peer: stage, variables, signal: new AbortController().signal });
}

async function outcome(script: Step[]): Promise<(string | null)[]> {
  return (await run(script)).map(({ error }) => error);
}

describe('expectations', () => {
  test('hold when the peer answers as expected', async () => {
    stage.answers = (line) => [`{"echo":${line}}`];
    expect(
      await outcome([
        { send: 'hello' },
        { expect: { json: { echo: { user: 'User1' } }, within: '1s' } },
        { send: { text: '7' } },
        { expect: { contains: 'echo', matches: ':\\d}' } },
        { expect: { direction: 'client→server', text: '7' } },
      ]),
    ).toEqual([null, null, null, null, null]);
  });

  test('are about what the other side sends unless they say otherwise', async () => {
    expect(await outcome([{ send: { text: 'ping' } }, { expect: { contains: 'ping', within: 10 } }])).toEqual([
      null,
      'Nothing came within 10 ms.',
    ]);
    expect(
      await outcome([{ send: { text: 'ping' } }, { expect: { contains: 'ping', direction: 'client→server' } }]),
    ).toEqual([null, null]);
  });

  test('consume messages in order', async () => {
    for (const line of ['a', 'b', 'c', 'b']) stage.line(Direction.serverToClient, line);
    expect(await outcome([{ expect: { contains: 'b' } }, { expect: { contains: 'b', within: 10 } }])).toEqual([
      null,
      null,
    ]);
    const [, second] = await outcome([{ expect: { contains: 'c' } }, { expect: { contains: 'a', within: 10 } }]);
    expect(second).toContain('Nothing fitting came within 10 ms');
  });

  test('count messages', async () => {
    for (const line of ['a', 'b', 'c']) stage.line(Direction.serverToClient, line);
    expect(await outcome([{ expect: { count: 2 } }, { expect: { count: 2, within: 10 } }])).toEqual([
      null,
      'There were only 1 of 2 within 10 ms.',
    ]);
  });

  test('wait for what comes later', async () => {
    setTimeout(() => stage.line(Direction.serverToClient, 'late'), 20);
    expect(await outcome([{ expect: { contains: 'late' } }])).toEqual([null]);
  });

  test('do not wait for a peer that is gone', async () => {
    setTimeout(() => stage.close(), 10);
    expect(await outcome([{ expect: { contains: 'x', within: '1m' } }])).toEqual([
      'Nothing came before the connection ended.',
    ]);
    expect(await outcome([{ expect: { status: 'closed' } }])).toEqual([null]);
  });

  test('see fields of the record', async () => {
    stage.line(Direction.serverToClient, 'x');
    const { fields } = stage.capture.detail(0, 1000);
    const name = fields[0]!.name;
    const value = fields[0]!.value;
    expect(await outcome([{ expect: { field: { [name]: String(value) } } }])).toEqual([null]);
    expect(await outcome([{ expect: { field: { [name]: 'other' }, within: 10 } }])).toEqual([
      expect.stringContaining(`Expected ${name} other, got`),
    ]);
  });

  test('that cannot be judged are found before anything runs', () => {
    expect(() => compileExpectation({ matches: '(' }, 'tcp')).toThrow();
    expect(() => compileExpectation({ matches: '(a+)+$' }, 'tcp')).toThrow();
    expect(() => compileExpectation({ hex: '0' }, 'tcp')).toThrow();
    expect(() => compileExpectation({ status: 'FINE' }, 'grpc')).toThrow('not a gRPC status');
    expect(() => compileExpectation({ status: 'OK', text: 'x' }, 'grpc')).toThrow('two expectations');
    expect(() => compileExpectation({ status: 1000, capture: { x: '$' } }, 'websocket')).toThrow('two expectations');
  });
});

test('a script ends at the first step that fails', async () => {
  const results = await run([{ wait: '1ms' }, { expect: { contains: 'x', within: 1 } }, { send: 'hello' }]);
  expect(results.map(({ step, ok }) => [step, ok])).toEqual([
    ['wait 1ms', true],
    ['expect contains "x" within 1', false],
  ]);
  expect(stage.capture.counts.messages).toBe(0);
});

test('orders reach the peer', async () => {
  expect(await outcome([{ ping: {} }, 'endStreaming', { close: { code: 1000, reason: 'bye' } }])).toEqual([
    null,
    null,
    null,
  ]);
  expect(stage.commands.map(({ type }) => type)).toEqual(['ping', 'halfClose', 'close']);
});

describe('lines of a file', () => {
  function lines(text: string): void {
    writeFileSync(join(stage.folder, 'list.ndjson'), text);
  }
  function said(direction: Direction = Direction.clientToServer): string[] {
    const { capture } = stage;
    return Array.from({ length: capture.count }, (_, seq) => seq)
      .filter((seq) => capture.record(seq).direction === direction)
      .map((seq) => new TextDecoder().decode(capture.payload(seq, 1000)?.bytes).trimEnd());
  }

  test('are sent in order, as they are', async () => {
    lines('{"n": 1}\nwait 2ms\n{"n":"{{nobody}}"}\n\n3\n');
    variables.define({ name: 'list', value: 'list', secret: false, layer: 'session', origin: '' });
    expect(await outcome([{ sendLines: { file: '{{list}}.ndjson', pause: '1ms' } }])).toEqual([null]);
    expect(said()).toEqual(['{"n": 1}', '{"n":"{{nobody}}"}', '3']);
  });

  test('fail the step by their number', async () => {
    lines('{"n": 1}\n\n{"n": 2\n{"n": 3}');
    expect(await outcome([{ sendLines: { file: 'list.ndjson' } }])).toEqual([
      expect.stringMatching(/^Line 3: This is not JSON/),
    ]);
    expect(said()).toEqual(['{"n": 1}']);
    stage.together = () => () => Promise.reject(new Error('refused'));
    lines('\n1');
    expect(await outcome([{ sendLines: { file: 'list.ndjson' } }])).toEqual([
      expect.stringMatching(/^Line 2: .*refused/),
    ]);
    expect(await outcome([{ sendLines: { file: 'nothing.ndjson' } }])).toEqual([
      expect.stringContaining('There is no file'),
    ]);
  });

  test('end with the script', async () => {
    lines('1\n2\nwait 1m\n3');
    const abort = new AbortController();
    const send = stage.together();
    stage.together = () => async (content) => {
      await send(content);
      if ('text' in content && content.text === '1') abort.abort();
    };
    const script: Step[] = [{ sendLines: { file: 'list.ndjson' } }, { send: { text: 'after' } }];
    const [result, ...rest] = await runScript(script, { messages: [], peer: stage, variables, signal: abort.signal });
    expect(result).toMatchObject({ ok: false, error: 'The run was interrupted.' });
    expect(rest).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(said()).toEqual(['1']);
  });
});

test('steps are described in a line', () => {
  expect(describeStep({ sendLines: { file: 'a.ndjson', pause: 5 } })).toBe('send lines of a.ndjson');
  expect(describeStep({ sendLines: { file: 'a.ndjson' }, method: 'S/M' })).toBe('send lines of a.ndjson to S/M');
  expect(describeStep({ send: 'hello' })).toBe('send hello');
  expect(describeStep({ send: { hex: '00' } })).toBe('send {"hex":"00"}');
  expect(describeStep({ expect: { direction: 'server→client', contains: 'x', within: '2s' } })).toBe(
    'expect server→client contains "x" within 2s',
  );
  expect(describeStep({ close: { code: 1000, reason: 'bye' } })).toBe('close 1000 bye');
});

test('unknown saved messages are found', () => {
  expect(unknownMessages([{ send: 'hello' }, { send: 'helo' }, { send: { text: 'x' } }], MESSAGES)).toEqual(['helo']);
});

describe('variables', () => {
  function sent(): string[] {
    const { capture } = stage;
    return Array.from({ length: capture.count }, (_, seq) => seq)
      .filter((seq) => capture.record(seq).direction === Direction.clientToServer)
      .map((seq) => new TextDecoder().decode(capture.payload(seq, 1000)?.bytes).trimEnd());
  }

  test('have their values at each send', async () => {
    expect(await outcome([{ send: { text: '{{$counter}}' } }, { send: { text: '{{$counter}}' } }])).toEqual([
      null,
      null,
    ]);
    expect(sent()).toEqual(['1', '2']);
  });

  test('are taken from answers', async () => {
    stage.answers = (line) =>
      line === 'log in' ? ['{"auth":{"token":"abc"},"list":[{"id":12345678901234567890},true]}'] : [line];
    const capture = { token: '$.auth.token', id: '$.list[0].id', flag: '$.list[-1]', list: '$.list' };
    expect(
      await outcome([
        { send: { text: 'log in' } },
        { expect: { contains: 'auth', capture } },
        { send: { text: '{{token}} {{id}} {{flag}}' } },
        { expect: { text: '{{token}} {{ id }} true' } },
      ]),
    ).toEqual([null, null, null, null]);
    expect(sent()[1]).toBe('abc 12345678901234567890 true');
    expect(variables.list().map(({ name, layer }) => [name, layer])).toEqual(
      ['flag', 'id', 'list', 'token'].map((name) => [name, 'captured']),
    );
  });

  test('that an answer does not have fail the step, and say what it has', async () => {
    stage.answers = (line) => [line];
    const capture = { token: '$.auth.token' };
    expect(await outcome([{ send: { text: '{"auth":{"user":1}}' } }, { expect: { capture } }])).toEqual([
      null,
      'The message has no value for token. There is no $.auth.token: $.auth has the keys user.',
    ]);
    expect(await outcome([{ send: { text: 'hello' } }, { expect: { text: 'hello', capture } }])).toEqual([
      null,
      'The message is no JSON, so no values can be taken from it.',
    ]);
  });

  test('that a peer chose name no others', async () => {
    stage.answers = (line) => (line === 'ask' ? ['{"x":"{{$env HOME}} {{secret}}"}'] : []);
    const script: Step[] = [
      { send: { text: 'ask' } },
      { expect: { capture: { x: '$.x' } } },
      { send: { text: '{{x}}' } },
    ];
    expect(await outcome(script)).toEqual([null, null, null]);
    expect(sent()[1]).toBe('{{$env HOME}} {{secret}}');
  });

  test('without a value fail the step before anything is sent', async () => {
    expect(await outcome([{ send: { text: '{{nobody}}' } }])).toEqual(['The variable {{nobody}} has no value.']);
    expect(sent()).toEqual([]);
  });
});
