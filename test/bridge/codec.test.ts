// The codec of the bridge: whatever the reference encoder writes passes the bounds, and nothing that is cut does.
import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeMessage, encodeMessage } from '../../src-main/bridge/codec.ts';

test('every value comes back, and no part of it is taken for a whole', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.uint8Array({ maxLength: 70_000 }), fc.string(), (json, bytes, text) => {
      const message = { json: plain(json), bytes, text, big: 2n ** 63n, list: [1.5, -1, 300, 70_000, 2 ** 40, null] };
      const encoded = encodeMessage(message);
      expect(decodeMessage(encoded)).toEqual(message);
      for (const cut of [1, 2, Math.floor(encoded.length / 2), encoded.length - 1])
        expect(() => decodeMessage(encoded.subarray(0, cut))).toThrow();
    }),
    { numRuns: 100 },
  );
});

test.each([
  ['a long array', Array.from({ length: 70_000 }, () => 0)],
  ['a long map', Object.fromEntries(Array.from({ length: 70_000 }, (_, i) => [`k${i}`, i]))],
  ['a time', new Date(0)],
])('%s passes', (_, value) => {
  expect(decodeMessage(encode(value))).toEqual(value);
});

/** MessagePack maps have no __proto__ key. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'proto'));
}
