import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDynamics, REAL_SOURCES } from '../../src-main/workspace/dynamics.ts';
import { parseSessionFile } from '../../src-main/workspace/session-file.ts';
import { parseSettings } from '../../src-main/workspace/settings-file.ts';
import {
  environmentPath,
  listEnvironments,
  parseVariables,
  readEnvironment,
  variablesOf,
} from '../../src-main/workspace/variable-file.ts';
import {
  hasReferences,
  namesVariables,
  type Variable,
  type VariableLayer,
  VariableScope,
} from '../../src-main/workspace/variables.ts';

const dynamics = createDynamics({
  now: () => new Date('2026-07-28T17:09:00.250Z'),
  uuid: () => '00000000-0000-4000-8000-000000000000',
  integer: (least, most) => least * 1000 + most,
  environment: (name) => (name === 'HOME' ? '/home/joe' : undefined),
});

function variable(name: string, value: string | undefined, layer: VariableLayer = 'environment'): Variable {
  return { name, value, secret: false, layer, origin: 'here' };
}

function scope(...variables: Variable[]): VariableScope {
  return new VariableScope(variables, dynamics);
}

describe('variables', () => {
  test('are replaced anywhere in text, and nothing else is touched', () => {
    const known = scope(variable('host', '127.0.0.1'), variable('n', '7'));
    expect(known.resolve({ a: ['{{host}}:{{ n }}', 5, null], b: { c: 'x{{n}}', d: '{ {n} } {{}} {{1}}' } })).toEqual({
      a: ['127.0.0.1:7', 5, null],
      b: { c: 'x7', d: '{ {n} } {{}} {{1}}' },
    });
  });

  test('without a value are all named, each once', () => {
    expect(() => scope(variable('c', undefined)).resolve(['{{a}}', '{{b}}', '{{a}} {{c}}'])).toThrow(
      'The variables {{a}}, {{b}}, {{c}} have no values.',
    );
    expect(() => scope().resolve('{{constructor}}')).toThrow('The variable {{constructor}} has no value.');
  });

  test('of the nearest layer count', () => {
    const layers: VariableLayer[] = ['command line', 'session', 'workspace', 'environment', 'captured', 'folder'];
    const all = layers.map((layer) => variable('x', layer, layer));
    expect(scope(...all).resolve('{{x}}')).toBe('command line');
    expect(scope(...all.slice(1)).resolve('{{x}}')).toBe('captured');
    expect(scope(variable('x', 'w', 'workspace'), variable('x', 'f', 'folder')).resolve('{{x}}')).toBe('f');
    expect(scope(variable('x', 'f', 'folder'), variable('x', 'w', 'workspace')).resolve('{{x}}')).toBe('f');
    expect(scope(variable('x', '1', 'folder'), variable('x', '2', 'folder')).resolve('{{x}}')).toBe('2');
  });

  test('may name each other, but not in a circle', () => {
    const known = scope(variable('base', 'ws://{{host}}'), variable('host', 'h:{{port}}'), variable('port', '1'));
    expect(known.resolve('{{base}}/x')).toBe('ws://h:1/x');
    expect(() => scope(variable('a', '{{b}}'), variable('b', '{{a}}')).resolve('{{a}}')).toThrow(
      'leads back to itself',
    );
  });

  test('a value that a peer chose is text and no reference when it is dynamic', () => {
    const tricky = new VariableScope([], () => '{{token}}');
    expect(tricky.resolve('{{$env X}}')).toBe('{{token}}');
  });

  test('what an answer or a secret says is text and no reference', () => {
    const secret = { ...variable('token', 'a{{b}}'), secret: true };
    const known = scope(variable('b', 'B'), secret, variable('taken', '{{token}}', 'captured'));
    expect(known.resolve('{{taken}} {{token}}')).toBe('{{token}} a{{b}}');
  });

  test('are secret if any layer says so', () => {
    const declared = { ...variable('token', undefined, 'workspace'), secret: true };
    const given = variable('token', 'abc', 'command line');
    for (const order of [
      [declared, given],
      [given, declared],
    ])
      expect(scope(...order).list()).toEqual([{ ...given, secret: true }]);
    expect([declared.secret, given.secret]).toEqual([true, false]);
  });

  test('are listed by name', () => {
    expect(
      scope(variable('b', '1'), variable('a', '2'))
        .list()
        .map(({ name }) => name),
    ).toEqual(['a', 'b']);
  });

  test('are seen in text', () => {
    expect(hasReferences('a {{b}}')).toBe(true);
    expect(hasReferences('a {{ $env X }}')).toBe(true);
    expect(hasReferences('{"a":{"b":1}}')).toBe(false);
    expect(namesVariables({ a: [1, null, { b: 'x{{y}}' }] })).toBe(true);
    expect(namesVariables({ '{{a}}': [1, null, { b: 'x' }] })).toBe(false);
  });
});

describe('dynamic variables', () => {
  test.each([
    ['{{$uuid}}', '00000000-0000-4000-8000-000000000000'],
    ['{{ $timestamp }}', '1785258540'],
    ['{{$isoTime}}', '2026-07-28T17:09:00.250Z'],
    ['{{$randomInt 2 6}}', '2006'],
    ['{{$randomInt -5 -3}}', '-5003'],
    ['{{$env HOME}}', '/home/joe'],
  ])('%s', (reference, value) => {
    expect(scope().resolve(reference)).toBe(value);
  });

  test('the counter counts uses', () => {
    const counting = new VariableScope([], createDynamics());
    expect(counting.resolve(['{{$counter}}', '{{$counter}}'])).toEqual(['1', '2']);
    expect(counting.resolve('{{$counter}}')).toBe('3');
    expect(new VariableScope([], createDynamics()).resolve('{{$counter}}')).toBe('1');
    const counter = { count: 7 };
    expect(new VariableScope([], createDynamics(REAL_SOURCES, counter)).resolve('{{$counter}}')).toBe('8');
    expect(counter.count).toBe(8);
  });

  test('real ones are what they say', () => {
    const real = new VariableScope([], createDynamics());
    expect(real.resolve('{{$uuid}}')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    for (let round = 0; round < 50; round++) expect(['1', '2', '3']).toContain(real.resolve('{{$randomInt 1 3}}'));
  });

  test.each([
    '{{$randomInt 1}}',
    '{{$randomInt 6 1}}',
    '{{$randomInt a b}}',
    '{{$uuid 4}}',
    '{{$nothing}}',
    '{{$env}}',
  ])('%s has no value', (reference) => {
    expect(() => scope().resolve(reference)).toThrow(`The variable ${reference} has no value.`);
  });

  test.each([
    ['{{$randomInt 6 1}}', 'It is written {{$randomInt 1 6}}: A whole number between two, both included.', ''],
    ['{{ $env NOWHERE }}', 'The system environment has no NOWHERE.', ''],
    ['{{$uid}}', 'There is no $uid, but $uuid, $timestamp, $isoTime, $randomInt, $counter, $env.', ''],
    ['{{port}} {{$env}}', 'It is written {{$env NAME}}: A variable of the system environment.', 'Give values'],
  ])('%s: it is said why', (text, why, next) => {
    const problem = expect.objectContaining({ why, next: next === '' ? '' : expect.stringContaining(next) });
    expect(() => scope().resolve(text)).toThrow(expect.objectContaining({ problem }));
  });
});

describe('variable files', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wirescope-variables-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  test('hold plain values and the names of secrets', async () => {
    await mkdir(join(folder, 'environments'));
    const path = environmentPath(folder, 'local');
    await writeFile(path, 'host: 127.0.0.1\nport: 9001\ntls: false\ntoken: { secret: true }\n');
    const texts = await readEnvironment(folder, 'local');
    const variables = variablesOf(texts, 'environment', 'environments/local.yaml', (name) => `secret ${name}`);
    expect(variables.map(({ name, value, secret }) => [name, value, secret])).toEqual([
      ['host', '127.0.0.1', false],
      ['port', '9001', false],
      ['tls', 'false', false],
      ['token', 'secret token', true],
    ]);
    await writeFile(join(folder, 'environments', 'notes.txt'), '');
    expect(await listEnvironments(folder)).toEqual(['local']);
    expect(await listEnvironments(join(folder, 'none'))).toEqual([]);
  });

  test.each(['1.10', '007', '0x10', '1e3', '12345678901234567890', 'TRUE', '.inf'])(
    'say %s as it is written',
    (text) => {
      expect(parseVariables(`a: ${text}\n`, 'local')).toEqual({ a: text });
      const { variables } = parseSettings(`wirescope: 1\nvariables: { a: ${text} }\n`, 'wirescope.yaml');
      expect(variables).toEqual({ a: text });
      const session = `wirescope: 1\nname: S\nrole: client\nprotocol: tcp\nvariables: { a: ${text} }\n`;
      expect(parseSessionFile(session, 's.yaml').variables).toEqual({ a: text });
    },
  );

  test('are found in one folder only', async () => {
    await expect(readEnvironment(folder, 'local')).rejects.toThrow('there is no file');
    for (const name of ['../local', '.hidden', '', 'a/b', 'a\\b', 'c:d'])
      await expect(readEnvironment(folder, name)).rejects.toThrow('plain word');
  });

  test.each([
    ['a list', '- a\n', 'it must hold "name: value" lines'],
    ['a nested value', 'a: { b: 1 }\n', 'the value of "a" must be plain'],
    ['an odd name', '"a b": 1\n', '"a b" cannot be the name of a variable'],
    ['no YAML', 'a: [\n', 'line 2'],
  ])('%s is refused with its reason', (_name, text, reason) => {
    expect(() => parseVariables(text, 'local')).toThrow(reason);
  });
});
