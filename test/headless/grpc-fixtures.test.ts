import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { parseRead } from '../../src-main/headless/command-line.ts';
import { read } from '../../src-main/headless/read.ts';
import { runSession, type SessionReport } from '../../src-main/headless/session-run.ts';
import { createDynamics } from '../../src-main/workspace/dynamics.ts';
import { readSessionFile } from '../../src-main/workspace/session-file.ts';
import { VariableScope } from '../../src-main/workspace/variables.ts';
import { scratchFolder } from '../engine/fakes.ts';

const ROOT = join(__dirname, '..', '..');
const SESSIONS = join(ROOT, 'fixtures', 'sessions');
/** The sessions are complete without any. */
const variables = new VariableScope([], createDynamics());

function session(name: string): Promise<SessionConfig> {
  return readSessionFile(join(SESSIONS, `${name}.yaml`));
}

interface Dialogue {
  client: SessionReport;
  server: SessionReport;
  /** The client's. */
  capturePath: string;
}

/** Runs a server and, once it listens, a client to it. */
async function dialogue(server: SessionConfig, client: SessionConfig): Promise<Dialogue> {
  const folder = scratchFolder();
  const capturePath = join(folder, 'client.pcapng');
  const abort = new AbortController();
  const more = { parts: realParts, folder: SESSIONS, variables, connections: 1, messages: 100, signal: abort.signal };
  let onListening: (address: string) => void = () => {};
  const address = new Promise<string>((resolve) => {
    onListening = resolve;
  });
  const serving = runSession({
    ...more,
    ...{ config: { ...server, listen: '127.0.0.1:0' }, capturePath: join(folder, 'server.pcapng'), onListening },
  });
  try {
    const target = `grpc://${await address}`;
    const { report } = await runSession({
      ...more,
      ...{ config: { ...client, target }, capturePath, onListening() {} },
    });
    if (!report.ok) abort.abort();
    return { client: report, server: (await serving).report, capturePath };
  } finally {
    abort.abort();
    await serving;
  }
}

function errorsOf({ steps }: SessionReport): string[] {
  return steps.flatMap(({ step, error }) => (error === null ? [] : [`${step}: ${error}`]));
}

describe('the sample sessions', () => {
  test('of chat talk to each other: replies, statuses, metadata and streams', async () => {
    const { client, server, capturePath } = await dialogue(
      await session('chat-grpc-server'),
      await session('chat-grpc-client'),
    );
    expect(errorsOf(client)).toEqual([]);
    expect(errorsOf(server)).toEqual([]);
    expect(client.messages.slice(0, 3)).toMatchObject([
      { direction: 'client→server', json: { user: 'User1', text: 'Hello!' } },
      { direction: 'server→client', json: { status: 'received', message: 'Thank you.' } },
      { direction: 'server→client', status: 'OK' },
    ]);
    expect(client.calls).toMatchObject([
      { method: 'chat.ChatService/SendMessage', status: 'OK' },
      { method: 'chat.ChatService/SendMessage', status: 'NOT_FOUND', message: 'There is no such user.' },
      { method: 'chat.ChatService/StreamMessages', status: 'OK', clientMessages: 2, serverMessages: 4 },
    ]);
    const args = [capturePath, '--filter', 'grpc', '--proto', join(ROOT, 'protos', 'chat.proto'), '--format', 'json'];
    const rows = await lines(args);
    expect(rows.map(({ kind }) => kind).slice(0, 5)).toEqual(['call', 'message', 'answer', 'message', 'status']);
    expect(rows[1]!.summary).toContain('user');
    expect(rows[1]!.summary).toContain('Hello!');
    const unnamed = await lines([capturePath, '--filter', 'grpc', '--format', 'json']);
    expect(unnamed[1]!.summary).toContain('1: ');
  });

  test('of the greeter talk to each other, with the types from files and from reflection', async () => {
    const server = await session('greeter-mock');
    const greeter = await session('greeter-client');
    const { schema: _files, ...grpc } = greeter.grpc!;
    for (const client of [greeter, { ...greeter, grpc }]) {
      const report = await dialogue({ ...server, script: [{ expect: { status: 'OK' } }] }, client);
      expect(errorsOf(report.client)).toEqual([]);
      expect(errorsOf(report.server)).toEqual([]);
      expect(report.client.messages[0]).toMatchObject({ json: { name: 'Wirescope' } });
      expect(report.client.messages[1]).toMatchObject({ json: { message: expect.any(String) } });
    }
  });
});

test('a client that reaches nobody says so', async () => {
  const folder = scratchFolder();
  const client = await session('greeter-client');
  const { report, reached } = await runSession({
    ...{ parts: realParts, folder: SESSIONS, variables, connections: 1, messages: 10, onListening() {} },
    ...{ config: { ...client, target: 'grpc://127.0.0.1:1' }, capturePath: join(folder, 'x.pcapng') },
    signal: new AbortController().signal,
  });
  expect(reached).toBe(false);
  expect(report.steps).toMatchObject([{ step: 'connect to grpc://127.0.0.1:1', ok: false }]);
});

async function lines(args: string[]): Promise<{ kind: string; summary: string }[]> {
  let text = '';
  const output = {
    async write(more: string) {
      text += more;
      return true;
    },
  };
  expect(await read(parseRead(args), realParts, output)).toBe(0);
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
