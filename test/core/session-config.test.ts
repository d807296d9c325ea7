// What the schema of a session lets in, beyond what its types say: values that would break whoever carries them.
import { describe, expect, test } from 'vitest';
import { MAX_JSON_DEPTH } from '../../src-main/core/json-value.ts';
import { contentSchema, sessionConfigSchema } from '../../src-main/core/session-config.ts';

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { a: value };
  return value;
}

describe('JSON contents', () => {
  test.each([null, 0, '', 'x', false, [], {}, [1, { a: null }], nested(MAX_JSON_DEPTH)])('%j is one', (json) => {
    expect(contentSchema.parse({ json })).toEqual({ json });
  });

  test.each<[string, unknown]>([
    ['undefined', [undefined]],
    ['a bigint', 5n],
    ['NaN', Number.NaN],
    ['infinity', [Number.POSITIVE_INFINITY]],
    ['a function', () => 1],
    ['a date', { at: new Date(0) }],
    ['bytes', new Uint8Array(3)],
    ['a map', new Map()],
    ['one level too many', nested(MAX_JSON_DEPTH + 1)],
    ['a hundred thousand levels', nested(100_000)],
    ['a __proto__ key', JSON.parse('{"a": {"__proto__": {"admin": true}}}')],
  ])('%s is none', (_, json) => {
    expect(contentSchema.safeParse({ json }).success).toBe(false);
  });

  test('a value that contains itself is none', () => {
    const json: unknown[] = [];
    json.push(json);
    expect(contentSchema.safeParse({ json }).success).toBe(false);
  });
});

describe('durations', () => {
  const withDelay = (delay: unknown) =>
    sessionConfigSchema.safeParse({
      wirescope: 1,
      name: 'n',
      role: 'client',
      protocol: 'tcp',
      reconnect: { attempts: 1, delay },
    }).success;

  test.each([0, 5, '250ms', '2s', '1.5m', '35000m'])('%s', (delay) => expect(withDelay(delay)).toBe(true));
  // A timer of 2³¹ ms or more fires at once.
  test.each([-1, Number.POSITIVE_INFINITY, 2 ** 31, '36000m', '1h'])('not %s', (delay) =>
    expect(withDelay(delay)).toBe(false),
  );
});
