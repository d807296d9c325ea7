import { describe, expect, it } from 'vitest';
import { type SessionConfig, sessionConfigSchema, stepSchema } from '../../../src-main/core/session-config.ts';
import {
  asKind,
  CONDITIONS,
  captureError,
  conditionsOf,
  fieldValue,
  moved,
  newStep,
  statusValue,
  withCondition,
  withKey,
  withRecording,
  withScript,
} from '../../../src-renderer/script/step-edit.ts';
import { kindOf, STEP_KINDS, stepKinds, stepSummary } from '../../../src-renderer/script/step-text.ts';

const config: SessionConfig = { wirescope: 1, name: 'Chat', role: 'client', protocol: 'websocket' };

describe('new steps', () => {
  it.each(STEP_KINDS)('begin as the format has them: %s', (kind) => {
    const step = stepSchema.parse(newStep(kind, []));
    expect(kindOf(step)).toBe(kind);
  });

  it('send the first saved message', () =>
    expect(newStep('send', [{ name: 'hello', text: 'hi' }])).toEqual({ send: 'hello' }));

  it('are offered by what the protocol knows', () => {
    expect(stepKinds({ protocol: 'tcp' })).toEqual(['send', 'sendLines', 'expect', 'wait', 'close']);
    expect(stepKinds({ protocol: 'websocket' })).toContain('ping');
    expect(stepKinds({ protocol: 'grpc' })).toEqual([
      'send',
      'sendLines',
      'expect',
      'wait',
      'close',
      'endStreaming',
      'cancel',
    ]);
  });
});

describe('a script in a config', () => {
  it('vanishes when it has no steps', () => {
    expect(withScript({ ...config, script: ['cancel'] }, [])).toEqual(config);
    expect(withScript(config, ['cancel']).script).toEqual(['cancel']);
  });

  it('is replaced by a recording, whose messages are added under names that are free', () => {
    const before: SessionConfig = { ...config, messages: [{ name: 'hello', text: 'mine' }], script: ['cancel'] };
    const next = withRecording(before, {
      script: [{ send: 'hello' }, { send: 'more' }],
      messages: [
        { name: 'hello', text: 'theirs' },
        { name: 'more', hex: '00' },
      ],
    });
    expect(next.script).toEqual([{ send: 'hello' }, { send: 'more' }]);
    expect(next.messages).toEqual([
      { name: 'hello', text: 'mine' },
      { name: 'more', hex: '00' },
    ]);
  });

  it('is reordered without losing a step', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
    expect(moved(['a', 'b'], 5, 0)).toEqual(['a', 'b']);
  });
});

describe('an expectation', () => {
  it.each(CONDITIONS)('with a new condition is one the format takes: %s', (condition) => {
    const expectation = withCondition({ within: '2s' }, condition, 'websocket');
    expect(conditionsOf(expectation)).toEqual([condition]);
    expect(sessionConfigSchema.safeParse({ ...config, script: [{ expect: expectation }] }).success).toBe(true);
  });

  it('begins with OK for gRPC', () => expect(withCondition({}, 'status', 'grpc')).toEqual({ status: 'OK' }));

  it('loses a key that is emptied', () => {
    expect(withKey({ contains: 'a', within: '2s' }, 'within', undefined)).toEqual({ contains: 'a' });
    expect(withKey({ contains: 'a' }, 'direction', 'client→server')).toEqual({
      contains: 'a',
      direction: 'client→server',
    });
  });

  it('reads values of fields and statuses as they are typed, and never changes what one types', () => {
    expect(['1', '1.', '1.5', '01', 'true', 'truer', ''].map(fieldValue)).toEqual([
      1,
      '1.',
      1.5,
      '01',
      true,
      'truer',
      '',
    ]);
    expect(['1000', 'closed', 'NOT_FOUND'].map(statusValue)).toEqual([1000, 'closed', 'NOT_FOUND']);
  });

  it('takes only places and names that the engine takes', () => {
    expect(captureError('token', '$.auth.token')).toBeUndefined();
    expect(captureError('first', "$.items[0]['odd name']")).toBeUndefined();
    expect(captureError('token', '$.auth.')).toContain('place');
    expect(captureError('1st', '$.a')).toContain('variable');
  });
});

it('writes contents another way where that means the same', () => {
  expect(asKind({ text: '{"a":1}' }, 'json')).toEqual({ json: { a: 1 } });
  expect(asKind({ json: { a: 1 } }, 'text')).toEqual({ text: '{"a":1}' });
  expect(asKind({ text: 'no JSON' }, 'json')).toEqual({ json: {} });
  expect(asKind({ text: 'x' }, 'hex')).toEqual({ hex: '' });
  expect(asKind({ hex: '00' }, 'hex')).toEqual({ hex: '00' });
});

it('says a step in one line', () => {
  expect(stepSummary({ send: 'hello' })).toBe('hello');
  expect(stepSummary({ send: { json: { a: 1 } }, method: 'chat.Chat/Send' })).toBe('{"a":1} to chat.Chat/Send');
  expect(stepSummary({ expect: { direction: 'server→client', contains: 'hi', within: '2s' } })).toBe(
    '↓  contains "hi"  within 2s',
  );
  expect(stepSummary({ expect: { count: 5 } })).toBe('5 messages');
  expect(stepSummary({ expect: { field: {}, capture: {}, contains: 'x' } })).toBe('contains "x"');
  expect(stepSummary({ expect: {} })).toBe('any message');
  expect(stepSummary({ expect: { json: { ok: true }, capture: { token: '$.t' } } })).toBe(
    'JSON has {"ok":true}  take token',
  );
  expect(stepSummary({ wait: 250 })).toBe('250ms');
  expect(stepSummary({ ping: {} })).toBe('');
  expect(stepSummary({ close: { code: 1000, reason: 'bye' } })).toBe('1000 bye');
  expect(stepSummary('endStreaming')).toBe('');
});
