import { describe, expect, it } from 'vitest';
import { type GrpcAnswer, sessionConfigSchema } from '../../../src-main/core/session-config.ts';
import {
  mockOf,
  replyError,
  replyOfText,
  replyText,
  withAnswerKey,
  withMock,
} from '../../../src-renderer/settings/mock-edit.ts';

const PATH = 'chat.ChatService/SendMessage';

describe('how a mock answers a method', () => {
  it('is found with and without the slash in front, and written without', () => {
    const grpc = { mock: { [`/${PATH}`]: { behaviour: 'manual' as const } } };
    expect(mockOf(grpc, PATH)).toEqual({ behaviour: 'manual' });
    expect(withMock(grpc, PATH, { delay: '1s' })).toEqual({ [PATH]: { behaviour: 'manual', delay: '1s' } });
  });

  it('vanishes with its last setting', () => {
    expect(withMock({ mock: { [PATH]: { delay: 1 }, b: {} } }, PATH, { delay: undefined })).toEqual({ b: {} });
    expect(withMock({ mock: { [PATH]: { delay: 1 } } }, PATH, { delay: undefined })).toBeUndefined();
  });

  it('makes rules that a session may have', () => {
    let answer: GrpcAnswer = { on: 'message', reply: [replyOfText('{"status": "ok"}'), 'hello'] };
    answer = withAnswerKey(answer, 'status', { code: 'NOT_FOUND', message: 'nobody', details: [{ '@type': 'x' }] });
    answer = withAnswerKey(answer, 'trailers', { cost: '3' });
    const config = {
      wirescope: 1,
      name: 'm',
      role: 'server',
      protocol: 'grpc',
      grpc: { mock: { [PATH]: { answers: [answer] } } },
    };
    expect(sessionConfigSchema.safeParse(config).error).toBeUndefined();
    expect(withAnswerKey(answer, 'status', undefined)).not.toHaveProperty('status');
  });

  it('keeps a reply as typed until it is JSON', () => {
    expect(replyOfText('{"a"')).toEqual({ text: '{"a"' });
    expect(replyError({ text: '{"a"' })).toMatch(/JSON/);
    expect(replyOfText('{"a": 1}')).toEqual({ json: { a: 1 } });
    expect(replyError({ json: { a: 1 } })).toBeUndefined();
    expect(replyText({ json: { a: 1 } })).toEqual({ kind: 'json', text: '{"a":1}' });
    expect(replyText('hello')).toEqual({ kind: 'saved', text: 'hello' });
    expect(replyText({ wait: '2s' })).toEqual({ kind: 'wait', text: '2s' });
    expect(replyError({ wait: '2s' })).toBeUndefined();
    expect(replyOfText('{"__proto__": 1}')).toEqual({ text: '{"__proto__": 1}' });
  });
});
