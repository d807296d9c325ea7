import { describe, expect, it } from 'vitest';
import type { VariableState } from '../../../src-main/bridge/contract.ts';
import { VariableScope } from '../../../src-main/workspace/variables.ts';
import { completeVariable, referenceTo } from '../../../src-renderer/variables/completion.ts';
import { MASK, meaningOf, referencesOf } from '../../../src-renderer/variables/references.ts';

const variable = (name: string, change: Partial<VariableState> = {}): VariableState => ({
  name,
  value: 'v',
  has: true,
  secret: false,
  layer: 'environment',
  origin: 'environments/local.yaml',
  ...change,
});
const variables = [
  variable('host', { value: '127.0.0.1:8000' }),
  variable('hostname', { value: '' }),
  variable('room', { layer: 'workspace', origin: 'wirescope.yaml' }),
  variable('ghost'),
  variable('token', { secret: true, value: null }),
  variable('lost', { secret: true, value: null, has: false }),
  variable('$uuid', { layer: 'dynamic', value: '0-1-2', origin: 'A random UUID (version 4)' }),
  variable('$env', { layer: 'dynamic', value: null, origin: 'A variable of the system environment' }),
];

describe('references', () => {
  it('are found with their words', () => {
    expect(referencesOf('ws://{{host}}/{{ $randomInt 1 6 }}')).toEqual([
      { start: 5, end: 13, name: 'host', words: '' },
      { start: 14, end: 34, name: '$randomInt', words: '1 6' },
    ]);
    expect(referencesOf('{{}} {host} {{1a}} {{host')).toEqual([]);
  });

  it.each(['{{a}}', '{{ a }}{{b}}', '{{a b}}', '{{$x 1}}', '{{{a}}}', '{{a{{b}}', '{{\na\n}}', '{{a}', '{{ä}}'])(
    'of %j are those that the engine replaces',
    (text) => {
      const seen: string[] = [];
      const scope = new VariableScope(
        ['a', 'b'].map((name) => ({ name, value: '', secret: false, layer: 'session', origin: '' })),
        (name) => {
          seen.push(name);
          return '';
        },
      );
      const rest = referencesOf(text).reduceRight(
        (left, { start, end }) => left.slice(0, start) + left.slice(end),
        text,
      );
      let resolved = rest;
      try {
        resolved = scope.resolve(text);
      } catch {
        // A reference the engine knows but cannot fill is a reference all the same.
        expect(referencesOf(text)).not.toEqual([]);
      }
      expect(resolved).toBe(rest);
    },
  );

  const meaning = (text: string) => meaningOf(referencesOf(text)[0]!, variables);

  it('say value, layer and origin', () => {
    expect(meaning('{{host}}')).toEqual({
      state: 'defined',
      text: 'host = 127.0.0.1:8000\nenvironment, environments/local.yaml',
    });
    expect(meaning('{{hostname}}').text).toContain('hostname = empty');
  });

  it('never tell a secret', () => {
    expect(meaning('{{token}}')).toMatchObject({ state: 'defined', text: expect.stringContaining(MASK) });
    expect(meaning('{{lost}}').state).toBe('undefined');
  });

  it('say what is missing', () => {
    expect(meaning('{{nobody}}')).toMatchObject({ state: 'undefined', text: expect.stringContaining('no value') });
    expect(meaning('{{host 1}}').state).toBe('undefined');
    expect(meaning('{{$nothing}}').state).toBe('undefined');
    expect(meaning('{{$env}}').state).toBe('undefined');
    expect(meaning('{{$env HOME}}').state).toBe('defined');
    expect(meaning('{{$uuid}}').text).toContain('For example 0-1-2');
    expect(meaningOf({ start: 0, end: 1, name: 'a', words: '' }, undefined).state).toBe('unknown');
  });
});

describe('completion', () => {
  const names = (text: string, caret = text.length) =>
    completeVariable(text, caret, variables)?.variables.map(({ name }) => name);

  it('begins at two braces', () => {
    expect(names('ws://{{')).toEqual(variables.map(({ name }) => name));
    for (const text of ['ws://', '{', '{{host}}', '{{host }}', '{{host x', '{{zzz'])
      expect(names(text)).toBeUndefined();
  });

  it('offers what begins with the typed first', () => {
    expect(names('{{HOST')).toEqual(['host', 'hostname', 'ghost']);
    expect(names('{{u')).toEqual(['$uuid']);
    expect(names('{{$')).toEqual(['$uuid', '$env']);
  });

  it('takes the place of the name and the braces around it', () => {
    expect(completeVariable('a {{ho}} b', 6, variables)).toMatchObject({ start: 2, end: 8 });
    expect(completeVariable('{{host}}', 4, variables)).toMatchObject({ start: 0, end: 8 });
    expect(completeVariable('{"a": "{{"}', 9, variables)).toMatchObject({ start: 7, end: 9 });
  });

  it('leaves the caret where words are missing', () => {
    expect(referenceTo(variables[0]!)).toEqual({ text: '{{host}}', caret: 8 });
    expect(referenceTo(variables.at(-1)!)).toEqual({ text: '{{$env }}', caret: 7 });
  });
});
