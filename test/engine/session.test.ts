import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EndpointError } from '../../src-main/endpoints/endpoint.ts';
import { problemOf } from '../../src-main/engine/problem.ts';
import { Session } from '../../src-main/engine/session/session.ts';
import { eventually } from '../eventually.ts';
import { CLIENT, deferred, type FakeEndpoint, fakeParts, fakeSessionHost } from './fakes.ts';

const REFUSED = {
  what: 'Nothing is listening on 127.0.0.1:7.',
  why: '',
  next: 'Start the server.',
  code: 'ECONNREFUSED',
};

function createSession(prepare?: (endpoint: FakeEndpoint) => void) {
  const parts = fakeParts(prepare);
  const host = fakeSessionHost(parts);
  return { session: new Session('s', CLIENT, host), endpoints: parts.endpoints, host };
}

test('a session starts, shows traffic, stops, and its capture stays readable', async () => {
  const { session, endpoints, host } = createSession();
  expect(session.state()).toMatchObject({ phase: 'idle', counts: { records: 0 } });
  expect(() => session.timeline).toThrow('no capture yet');

  await session.start();
  expect(session.state()).toMatchObject({ phase: 'open', status: '127.0.0.1:7', connections: 1 });
  expect(session.state().capture).toMatchObject({ path: join(host.folder, '1.pcapng'), name: '1.pcapng' });
  expect(await session.send({ content: { text: 'hello' }, to: 'all' })).toEqual({ recipients: 1 });
  endpoints[0]!.receive('hello back');
  expect(session.state().traffic).toMatchObject({
    clientToServer: { messages: 1, bytes: 6 },
    serverToClient: { messages: 1, bytes: 11, messagesPerSecond: 1, bytesPerSecond: 11 },
  });

  await session.stop();
  expect(session.state()).toMatchObject({ phase: 'closed', status: 'Stopped by us', connections: 0 });
  const { rows } = session.timeline.rows({ level: 'messages' }, 0, 10);
  expect(rows.map(({ summary }) => summary)).toEqual(['hello', 'hello back']);
  await expect(session.send({ content: { text: 'x' }, to: 'all' })).rejects.toThrow('not connected');
  await session.dispose();
  expect(existsSync(join(host.folder, '1.pcapng'))).toBe(true);
});

test('a failing start rejects and shows its problem', async () => {
  const { session } = createSession((endpoint) => {
    endpoint.starting = Promise.reject(new EndpointError(REFUSED));
  });
  await expect(session.start()).rejects.toMatchObject({ problem: REFUSED });
  expect(session.state()).toMatchObject({ phase: 'failed', problem: REFUSED });
  await session.dispose();
});

test('a config the endpoint refuses is a failed start, not a crash', async () => {
  const { session, host } = createSession(() => {
    throw new EndpointError(REFUSED);
  });
  await expect(session.start()).rejects.toMatchObject({ problem: REFUSED });
  expect(session.state()).toMatchObject({ phase: 'failed', problem: REFUSED });
  await session.dispose();
  expect(host.folder).toBeTruthy();
});

test('stop cancels a start, which then resolves', async () => {
  const never = deferred();
  const { session } = createSession((endpoint) => {
    endpoint.starting = never.promise;
  });
  const starting = session.start();
  await eventually(() => expect(session.state().status).toBe('TCP'));
  await session.stop();
  await starting;
  expect(session.state().phase).toBe('closed');
  expect(session.state().problem).toBeUndefined();
  await session.dispose();
});

test('a new start ends the run before and begins a new capture', async () => {
  const { session, endpoints, host } = createSession();
  await session.start();
  await session.send({ content: { text: 'first' }, to: 'all' });
  await session.start();
  expect(endpoints).toHaveLength(2);
  expect(endpoints[0]!.stops).toBe(1);
  expect(session.state()).toMatchObject({ phase: 'open', traffic: { clientToServer: { messages: 0 } } });
  expect(session.capture?.path).toBe(join(host.folder, '2.pcapng'));
  expect(existsSync(join(host.folder, '1.pcapng'))).toBe(true);
  await session.dispose();
});

test('of two starts at once the later one counts', async () => {
  const { session, endpoints } = createSession();
  await Promise.all([session.start(), session.start(), session.start()]);
  expect(session.state().phase).toBe('open');
  expect(endpoints.filter(({ stops }) => stops === 0)).toHaveLength(1);
  await session.dispose();
});

test('when the peer closes, the capture is finished and the reason shown', async () => {
  const { session, endpoints } = createSession();
  await session.start();
  endpoints[0]!.close('Closed by the server');
  await eventually(() => expect(endpoints[0]!.stops).toBe(1));
  expect(session.state()).toMatchObject({ phase: 'closed', status: 'Closed by the server' });
  await session.dispose();
});

test('a running session keeps the config it was started with', async () => {
  const { session, endpoints } = createSession();
  await session.start();
  session.configure({ ...CLIENT, target: 'tcp://127.0.0.1:8' });
  expect(session.state().config.target).toBe('tcp://127.0.0.1:8');
  expect(endpoints[0]!.config.target).toBe('tcp://127.0.0.1:7');
  await session.dispose();
});

test('content that cannot be sent is refused with a reason', async () => {
  const { session } = createSession();
  await session.start();
  const failure = await session.send({ content: { hex: 'abc' }, to: 'all' }).catch(problemOf);
  expect(failure).toMatchObject({
    what: 'A byte has two hex digits; here one is missing, at character 3.',
    code: 'CONTENT',
  });
  await expect(session.send({ content: { file: 'missing.bin' }, to: 'all' })).rejects.toThrow('missing.bin');
  await session.dispose();
});

test('a message is sent again and again, and the state tells how far', async () => {
  const { session, endpoints } = createSession();
  await session.start();
  await session.send({ content: { text: 'tick' }, to: 'all', repeat: { times: 5, everyMs: 0 } });
  await eventually(() => expect(endpoints[0]!.sent).toHaveLength(5));
  await eventually(() => expect(session.state().series).toBeUndefined());
  await session.dispose();
});

test('repeating stops on demand, and not before a slow receiver lets it go on', async () => {
  const { session, endpoints } = createSession();
  await session.start();
  await session.send({ content: { text: 'tick' }, to: 'all', repeat: { times: 1_000_000, everyMs: 1000 } });
  expect(session.state().series).toEqual({ sent: 1, of: 1_000_000 });
  session.stopSending();
  await eventually(() => expect(session.state().series).toBeUndefined());
  expect(endpoints[0]!.sent).toHaveLength(1);

  const blocked = deferred();
  await session.send({ content: { text: 'tock' }, to: 'all', repeat: { times: 1_000_000, everyMs: 0 } });
  endpoints[0]!.sending = blocked.promise;
  await new Promise((resolve) => setTimeout(resolve, 20));
  const before = endpoints[0]!.sent.length;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(endpoints[0]!.sent.length).toBe(before);
  blocked.reject(new EndpointError(REFUSED));
  await eventually(() => expect(session.state().series).toBeUndefined());
  expect(session.state().problem).toEqual(REFUSED);
  await session.dispose();
});

test('of two repetitions at once one is left, and stops on demand', async () => {
  const { session, endpoints } = createSession();
  await session.start();
  const repeat = { times: 1_000_000, everyMs: 1 };
  const order = { content: { text: 'tick' }, to: 'all', repeat } as const;
  await Promise.all([session.send(order), session.send(order)]);
  session.stopSending();
  await eventually(() => expect(session.state().series).toBeUndefined());
  const sent = endpoints[0]!.sent.length;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(endpoints[0]!.sent).toHaveLength(sent);
  await session.dispose();
});

test('a repetition that is stopped with its session is no failure', async () => {
  const { session, endpoints } = createSession();
  await session.start();
  const blocked = deferred();
  await session.send({ content: { text: 'tick' }, to: 'all', repeat: { times: 1_000_000, everyMs: 0 } });
  endpoints[0]!.sending = blocked.promise;
  await new Promise((resolve) => setTimeout(resolve, 5));
  const stopping = session.stop();
  blocked.reject(new EndpointError(REFUSED));
  await stopping;
  await eventually(() => expect(session.state().series).toBeUndefined());
  expect(session.state().problem).toBeUndefined();
  await session.dispose();
});

test('orders carry the bytes of their content', async () => {
  const { session, endpoints } = createSession();
  await session.start();
  await session.control({ type: 'ping', content: { hex: '01 02' } }, 'all');
  await session.control({ type: 'close', code: 1000 }, 'all');
  await session.control({ type: 'halfClose' }, 'all');
  expect(endpoints[0]!.commands).toEqual([
    { type: 'ping', bytes: new Uint8Array([1, 2]) },
    { type: 'close', code: 1000 },
    { type: 'halfClose' },
  ]);
  await session.dispose();
});
