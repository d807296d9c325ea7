import { describe, expect, it } from 'vitest';
import { methods } from '../../../src-main/bridge/contract.ts';
import { variableError, variableRows, variablesOfRows } from '../../../src-renderer/variables/variable-rows.ts';
import { environmentNameError } from '../../../src-renderer/workspace/environment-name.ts';

const row = (name: string, value = '', secret = false) => ({ name, value, secret });

describe('rows of an environment', () => {
  it('are saved without empty ones, and secrets without values', () => {
    const rows = [row('host', 'h:1'), row(' port ', ''), row('token', 'typed before', true), row('')];
    const variables = variablesOfRows(rows);
    expect(variables).toEqual([
      { name: 'host', value: 'h:1', secret: false },
      { name: 'port', value: '', secret: false },
      { name: 'token', value: null, secret: true },
    ]);
    expect(() => methods['environments.save'].parse({ name: 'local', variables })).not.toThrow();
    expect(variablesOfRows(variableRows(variables!))).toEqual(variables);
  });

  it('are not saved while one is wrong', () => {
    for (const wrong of [row('', 'x'), row('', '', true), row('1a'), row('a b'), row('$uuid')]) {
      expect(variableError([row('host'), wrong], 1)).toBeDefined();
      expect(variablesOfRows([row('host'), wrong])).toBeUndefined();
    }
    expect(variableError([row('a'), row('a')], 1)).toMatch(/already/);
    expect(variableError([row('a'), row('a')], 0)).toBeUndefined();
  });
});

it.each([
  ['local', true],
  [' local ', true],
  ['', false],
  ['staging', false],
  ['a/b', false],
  ['.hidden', false],
])('an environment called %j', (name, isGood) => {
  expect(environmentNameError(name, ['staging']) === undefined).toBe(isGood);
});
