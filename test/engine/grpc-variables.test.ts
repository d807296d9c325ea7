// Variables of gRPC sessions, over a real connection: in what a server is asked for, in calls, in what a mock answers.
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { eventually } from '../eventually.ts';
import { scratchFolder } from './fakes.ts';

const CHAT = join(__dirname, '..', '..', 'protos', 'chat.proto');
const METHOD = 'chat.ChatService/SendMessage';

let engine: Engine;
beforeEach(async () => {
  engine = await createEngine({
    dataFolder: scratchFolder(),
    host: 'headless',
    version: '1',
    parts: realParts,
    log: () => {},
  });
});
afterEach(() => engine.dispose());

/** A mock that answers with `json`, and a client of it; both started. */
async function dialogue(json: unknown, client: Partial<SessionConfig> = {}) {
  const base = { wirescope: 1, protocol: 'grpc' } as const;
  const answers = [{ reply: [{ json }] }];
  const { id: server } = await engine.call('sessions.create', {
    config: {
      ...{ ...base, name: 'Mock', role: 'server', listen: '127.0.0.1:0' },
      grpc: { schema: { files: [CHAT] }, mock: { [METHOD]: { answers } } },
    },
  });
  await engine.call('sessions.start', { session: server });
  const [state] = await engine.call('sessions.list', {});
  const address = state!.status;
  const { id: session } = await engine.call('sessions.create', {
    config: {
      ...{ ...base, name: 'Client', role: 'client', target: 'grpc://{{address}}', variables: { address } },
      grpc: { method: METHOD },
      ...client,
      ...(client.variables && { variables: { ...client.variables, address } }),
    },
  });
  await engine.call('sessions.start', { session });
  return { server, session };
}

/** All messages of a session that contain a text, as text. */
async function saying(session: string, text: string): Promise<string[]> {
  const query = { level: 'messages' as const };
  const { rows } = await engine.call('timeline.rows', {
    session,
    query: { ...query, unfolded: [] },
    from: 0,
    count: 1000,
  });
  const all = await engine.call('timeline.rows', {
    session,
    query: { ...query, unfolded: rows.filter(({ call }) => call).map(({ seq }) => seq) },
    from: 0,
    count: 1000,
  });
  return all.rows.map(({ summary }) => summary).filter((summary) => summary.includes(text));
}

const send = (session: string, json: unknown) =>
  engine.call('sessions.send', { session, content: { json }, to: 'all' });

test('a server is asked for its types at the address of a variable', async () => {
  const { session } = await dialogue({ status: 'x' });
  await eventually(async () => {
    const { services } = await engine.call('schema.services', { session });
    expect(services.map(({ name }) => name)).toContain('chat.ChatService');
  });
});

test('each call has metadata and messages of its own, and so has each answer', async () => {
  const grpc = { method: METHOD, metadata: { 'x-number': 'call {{$counter}}' }, schema: { files: [CHAT] } };
  const { server, session } = await dialogue(
    { message: 'answer {{$counter}}' },
    { grpc, variables: { user: 'Maria' } },
  );
  for (const _ of [1, 2]) await send(session, { user: '{{user}}', text: 'message' });
  await eventually(async () => {
    expect((await saying(session, 'answer')).join()).toMatch(/answer 1.*answer 2/);
    expect(await saying(server, 'Maria')).toHaveLength(2);
  });
  // One for the metadata of each call.
  expect(await engine.call('variables.preview', { session, text: '{{$counter}}' })).toEqual({ ok: true, text: '3' });
});

test('a call with a variable without value is not begun', async () => {
  const grpc = { method: METHOD, schema: { files: [CHAT] } };
  const { session } = await dialogue({ status: 'x' }, { grpc });
  const states = await engine.call('sessions.list', {});
  const { config } = states.find(({ id }) => id === session)!;
  await engine.call('sessions.update', {
    session,
    config: { ...config, grpc: { ...grpc, metadata: { authorization: 'Bearer {{token}}' } } },
  });
  await expect(send(session, { text: 'message' })).rejects.toThrow('The variable {{token}} has no value.');
  expect((await engine.call('sessions.calls', { session, from: 0, count: 10 })).total).toBe(0);
});
