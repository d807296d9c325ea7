import { expect, it } from 'vitest';
import { dedentedJson, enumName, readScalar, type TextKind } from '../../../src-renderer/message-form/scalar-text.ts';

it.each<[TextKind, string, string]>([
  ['string', 'a "b"\n', '"a \\"b\\"\\n"'],
  ['int32', '-2147483648', '-2147483648'],
  ['uint32', ' 4294967295 ', '4294967295'],
  ['int64', '-9223372036854775808', '"-9223372036854775808"'],
  ['uint64', '18446744073709551615', '"18446744073709551615"'],
  ['double', '1.5e300', '1.5e300'],
  ['double', '.5', '0.5'],
  ['float', 'NaN', '"NaN"'],
  ['double', '-Infinity', '"-Infinity"'],
  ['bool', 'true', 'true'],
  ['bytes', 'AAE=', '"AAE="'],
  ['bytes', '_-8', '"_-8"'],
  ['timestamp', '2026-03-01T14:03:07.123456789Z', '"2026-03-01T14:03:07.123456789Z"'],
  ['timestamp', '2026-03-01T14:03:07+01:00', '"2026-03-01T14:03:07+01:00"'],
  ['duration', '-1.5s', '"-1.5s"'],
  ['fieldMask', 'user.name,text', '"user.name,text"'],
  ['json', ' {"a": [1]} ', '{"a": [1]}'],
  ['int32', '{{count}}', '"{{count}}"'],
  ['bytes', '{{ key }}AAE=', '"{{ key }}AAE="'],
  ['timestamp', '{{$isoTime}}', '"{{$isoTime}}"'],
])('%s takes %s', (kind, text, json) => expect(readScalar(kind, text)).toEqual({ ok: true, json }));

it.each<[TextKind, string, RegExp]>([
  ['int32', '2147483648', /^Between -2147483648 and 2147483647/],
  ['uint32', '-1', /^Between 0/],
  ['uint64', '18446744073709551616', /^Between 0/],
  ['int32', '1.5', /whole number/],
  ['double', 'much', /NaN/],
  ['double', '', /number/],
  ['bool', 'yes', /true or false/],
  ['bytes', 'A', /base64/],
  ['bytes', 'é', /base64/],
  ['timestamp', '2026-13-01T00:00:00Z', /2026-03-01/],
  ['timestamp', 'today', /2026-03-01/],
  ['duration', '1.5', /1\.5s/],
  ['fieldMask', 'a b', /commas/],
  ['json', '{', /^Not JSON/],
])('%s refuses %s', (kind, text, error) => {
  const reading = readScalar(kind, text);
  expect(reading.ok === false && reading.error).toMatch(error);
});

it.each([
  ['{"a": 1}', '{"a": 1}'],
  ['{\n    "a": [\n      1\n    ]\n  }', '{\n  "a": [\n    1\n  ]\n}'],
  ['[\n\n      1,\n    2]', '[\n\n  1,\n2]'],
])('%j stands alone as %j', (json, alone) => expect(dedentedJson(json)).toBe(alone));

it('names a value of an enum by its number, the first of several names', () => {
  const values = [
    { name: 'NONE', number: 0 },
    { name: 'RED', number: -1 },
    { name: 'ROT', number: -1 },
  ];
  expect(['-1', 'ROT', '7'].map((word) => enumName(word, values))).toEqual(['RED', 'ROT', '7']);
});
