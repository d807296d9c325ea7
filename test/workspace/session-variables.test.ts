import { describe, expect, test } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { createDynamics } from '../../src-main/workspace/dynamics.ts';
import { resolveSettings, sessionVariables } from '../../src-main/workspace/session-variables.ts';
import { type Variable, VariableScope } from '../../src-main/workspace/variables.ts';

const BASE: SessionConfig = { wirescope: 1, name: 'x', role: 'server', protocol: 'tcp' };

function scope(values: { [name: string]: string }): VariableScope {
  const variables = Object.entries(values).map(
    ([name, value]): Variable => ({ name, value, secret: false, layer: 'environment', origin: '' }),
  );
  return new VariableScope(variables, createDynamics());
}

test('variables of every place are there, and the nearest counts', () => {
  const place = (folder: string, variables: { [name: string]: string }) => ({
    folder,
    settings: { wirescope: 1 as const, variables },
  });
  const sources = {
    config: { ...BASE, variables: { d: 'session' } },
    origin: 'x.yaml',
    root: '/w',
    settings: [
      place('/w', { a: 'workspace', b: 'workspace', c: 'workspace', d: 'workspace' }),
      place('/w/f', { b: 'folder', c: 'folder', d: 'folder' }),
    ],
    environment: { name: 'local', variables: { c: 'environment', d: 'environment', s: { secret: true as const } } },
    secrets: (name: string) => `the value of ${name}`,
  };
  const counting = new VariableScope(sessionVariables(sources), createDynamics()).list();
  expect(counting.map(({ name, value, layer, origin, secret }) => [name, value, layer, origin, secret])).toEqual([
    ['a', 'workspace', 'workspace', 'wirescope.yaml', false],
    ['b', 'folder', 'folder', 'f/wirescope.yaml', false],
    ['c', 'environment', 'environment', 'environments/local.yaml', false],
    ['d', 'session', 'session', 'x.yaml', false],
    ['s', 'the value of s', 'environment', 'environments/local.yaml', true],
  ]);
});

describe('settings', () => {
  test('get values, and what is sent later does not', () => {
    const config: SessionConfig = {
      ...BASE,
      listen: '{{host}}:0',
      variables: { unused: '{{missing}}' },
      messages: [
        { name: 'ack', text: 'ACK {{host}}' },
        { name: 'later', text: '{{token}}' },
      ],
      server: { answers: [{ reply: ['ack', { text: '{{host}}' }] }] },
      script: [{ send: 'later' }, { expect: { text: '{{token}}' } }],
    };
    expect(resolveSettings(config, scope({ host: 'h' }))).toEqual({ ...config, listen: 'h:0' });
  });

  test('of a mock get values, and its replies when they are sent', () => {
    const reply = ['hello', { json: { at: '{{$isoTime}} {{$counter}}' } }];
    const method = (user: string) => ({
      answers: [{ when: { contains: user }, reply, trailers: { user } }],
      failure: { code: 'INTERNAL', message: user },
    });
    const config: SessionConfig = {
      ...BASE,
      protocol: 'grpc',
      messages: [{ name: 'hello', json: { message: '{{user}}' } }],
      grpc: { authority: '{{user}}', mock: { 'a/b': method('{{user}}') } },
    };
    const variables = scope({ user: 'Maria' });
    expect(resolveSettings(config, variables)).toEqual({
      ...config,
      grpc: { authority: 'Maria', mock: { 'a/b': method('Maria') } },
    });
    expect(variables.resolve('{{$counter}}')).toBe('1');
  });

  test('are refused if a reply names what has no value', () => {
    const messages = [
      { name: 'ack', text: '{{one}}' },
      { name: 'later', text: '{{three}}' },
    ];
    const server = { answers: [{ reply: ['ack', { text: '{{two}}' }] }] };
    expect(() => resolveSettings({ ...BASE, messages, server }, scope({}))).toThrow(
      'The variables {{two}}, {{one}} have no values.',
    );
  });

  test('that name what has no value say so', () => {
    expect(() => resolveSettings({ ...BASE, listen: '{{host}}:{{port}}' }, scope({}))).toThrow('{{host}}, {{port}}');
  });
});
