import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createCapture, openCapture } from '../../src-main/capture/capture.ts';
import type { CallState } from '../../src-main/core/grpc-call.ts';
import type { SessionConfig, Step } from '../../src-main/core/session-config.ts';
import { textReport } from '../../src-main/headless/run-report.ts';
import { runSession } from '../../src-main/headless/session-run.ts';
import { createDynamics } from '../../src-main/workspace/dynamics.ts';
import { VariableScope } from '../../src-main/workspace/variables.ts';
import { FakeGrpcEndpoint, GRPC_CLIENT } from '../engine/fake-grpc.ts';
import { fakeSchema } from '../engine/fake-schema.ts';
import { scratchFolder } from '../engine/fakes.ts';

/** Runs a script against a server that `serve` plays, which is told of each message. */
async function runScript(
  script: Step[],
  serve: (endpoint: FakeGrpcEndpoint, call: CallState) => void,
  config: Partial<SessionConfig> = {},
) {
  const endpoints: FakeGrpcEndpoint[] = [];
  const folder = scratchFolder();
  const { report } = await runSession({
    parts: {
      createCapture,
      openCapture,
      loadEndpoint: async () => (_config, host) => {
        const endpoint = new FakeGrpcEndpoint(host);
        endpoint.onMessage = (call) => serve(endpoint, call);
        endpoints.push(endpoint);
        return endpoint;
      },
      loadSchema: async () => fakeSchema(),
      reflect: () => Promise.reject(new Error('Nobody is asked in this test.')),
    },
    config: { ...GRPC_CLIENT, ...config, script },
    variables: new VariableScope([], createDynamics()),
    folder,
    capturePath: join(folder, 'run.pcapng'),
    connections: 1,
    messages: 100,
    onListening() {},
    signal: new AbortController().signal,
  });
  return { report, endpoint: endpoints[0]!, errors: report.steps.map(({ error }) => error) };
}

/** One answer, then the status. */
function unary(code = 0, message = '') {
  return (endpoint: FakeGrpcEndpoint, call: CallState): void => {
    if (code === 0) endpoint.answer(call, `Response {"text":"answer ${call.call}"}`, { 'x-call': String(call.call) });
    endpoint.end(call, code, message, { 'x-trailer': 't', 'x-bytes-bin': 'AAEC' });
  };
}

const ASK: Step = { send: { json: { text: 'ask' } } };

describe('a script of gRPC', () => {
  test('calls again and again, and expects the answers and their statuses', async () => {
    const { report, errors } = await runScript(
      [
        ASK,
        { expect: { json: { text: 'answer 1' } } },
        { expect: { status: 'OK' } },
        ASK,
        { expect: { contains: 'answer 2' } },
        { expect: { status: 0 } },
        ASK,
        { expect: { status: 'OK' } },
        { send: { json: { text: 'ask' } }, method: 'ChatService/Count' },
        { expect: { count: 1, within: 200 } },
        { expect: { status: 'ok' } },
      ],
      (endpoint, call) => {
        endpoint.answer(call, `Response {"text":"answer ${call.call}"}`);
        endpoint.end(call, 0);
      },
    );
    expect(errors).toEqual(errors.map(() => null));
    expect(report.ok).toBe(true);
    expect(report.messages.slice(0, 3)).toMatchObject([
      { direction: 'client→server', json: { text: 'ask' } },
      { direction: 'server→client', json: { text: 'answer 1' } },
      { direction: 'server→client', status: 'OK' },
    ]);
    // It is no Tally, as the type of its method says.
    expect(report.messages.at(-2)).toMatchObject({ base64: expect.any(String) });
    expect(report.calls).toHaveLength(4);
    expect(report.calls?.[3]).toMatchObject({ call: 4, method: 'ChatService/Count', status: 'OK', clientMessages: 1 });
    expect(report.steps[8]!.step).toBe('send {"json":{"text":"ask"}} to ChatService/Count');
  });

  test('expects metadata, initial and trailing, with a status and without', async () => {
    const metadata = { 'X-Call': '1', 'x-trailer': 't', 'x-bytes-bin': 'AAEC' };
    const { errors } = await runScript(
      [
        ASK,
        { expect: { metadata: { 'x-call': '1' } } },
        { expect: { status: 'OK', metadata } },
        ASK,
        { expect: { metadata: { 'x-trailer': 't', 'x-call': '2' } } },
        ASK,
        { expect: { status: 'OK', metadata: { 'x-call': ['4'] }, within: 50 } },
      ],
      unary(),
    );
    expect(errors.slice(0, 6)).toEqual([null, null, null, null, null, null]);
    // The second call's end was not consumed: it is one of those that did not fit.
    expect(errors[6]).toContain('Expected x-call to be “4”, got “3”.');
  });

  test('takes variables out of decoded answers', async () => {
    const { errors, report } = await runScript(
      [ASK, { expect: { capture: { said: '$.text' } } }, { send: { json: { text: 'you said {{said}}' } } }],
      unary(),
    );
    expect(errors).toEqual([null, null, null]);
    expect(report.messages.filter(({ direction, json }) => direction === 'client→server' && json)).toMatchObject([
      { json: { text: 'ask' } },
      { json: { text: 'you said answer 1' } },
    ]);
  });

  test('fails at once, with what happened, when the call ends otherwise', async () => {
    const answer = await runScript([ASK, { expect: { json: {} } }], unary(5, 'no such chat'));
    expect(answer.errors).toEqual([null, 'Nothing came before the call ended with 5 NOT_FOUND: no such chat.']);
    const status = await runScript([ASK, { expect: { status: 'OK' } }], unary(5, 'no such chat'));
    expect(status.errors[1]).toContain('It ended with 5 NOT_FOUND: no such chat.');
  });

  test('sends into a stream, and orders its end', async () => {
    const { errors, endpoint, report } = await runScript(
      [ASK, ASK, { expect: { count: 2 } }, 'endStreaming', 'cancel'],
      (played, call) => played.answer(call, 'Response {"text":"one"}'),
      { grpc: { method: 'ChatService/StreamMessages', metadata: { a: 'b' } } },
    );
    expect(errors).toEqual([null, null, null, null, null]);
    expect(endpoint.calls).toHaveLength(1);
    expect(endpoint.commands).toEqual([{ type: 'halfClose' }, { type: 'cancel' }]);
    expect(endpoint.sent[0]!.call).toMatchObject({ metadata: { a: 'b' } });
    expect(report.steps.map(({ step }) => step).slice(3)).toEqual(['endStreaming', 'cancel']);
    expect(report.calls).toEqual([
      { call: 1, method: 'ChatService/StreamMessages', clientMessages: 2, serverMessages: 2, cut: true },
    ]);
  });

  test('that ends on a send has its answer; a call that is not answered is cut, and the report says so', async () => {
    const answered = await runScript([ASK], (endpoint, call) => {
      setTimeout(() => unary()(endpoint, call), 50);
    });
    expect(answered.report.messages).toMatchObject([
      { json: { text: 'ask' } },
      { json: { text: 'answer 1' } },
      { status: 'OK' },
    ]);
    expect(answered.report.calls?.[0]).not.toHaveProperty('cut');
    const { report } = await runScript([ASK], () => {});
    expect(report).toMatchObject({ ok: true, calls: [{ call: 1, cut: true }] });
    expect(textReport(report, false)).toContain('ChatService/SendMessage was still open and was cancelled');
  });

  test('reads details of a status, by their type where it is known', async () => {
    const status = Buffer.from('0805120666616c7365211a0c0a03782e411205000102ff00', 'hex').toString('base64');
    const { report, errors } = await runScript(
      [ASK, { expect: { field: { 'grpc.status_details.type': 'x.A' } } }, { expect: { status: 'NOT_FOUND' } }],
      (endpoint, call) => endpoint.end(call, 5, 'false!', { 'grpc-status-details-bin': status }),
    );
    expect(errors).toEqual([null, null, null]);
    expect(report.messages.at(-1)).toMatchObject({
      status: 'NOT_FOUND',
      details: [{ type: 'x.A', base64: 'AAEC/wA=' }],
    });
  });
});
