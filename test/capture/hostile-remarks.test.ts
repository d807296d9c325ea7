// Our own comments in somebody else's file: whatever they say, the packets around them are read, and every record can be
// looked at.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Capture } from '../../src-main/capture/capture.ts';
import { EVENT_TYPES } from '../../src-main/core/event.ts';
import { loadedBytes, summariesOf, wireText } from './files.ts';
import { concat, enhanced, interfaceBlock, section, tcp } from './packets.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

/** A conversation whose first packet, a later one and one of nobody carry the comments. */
function fileWith(comments: readonly string[]): Uint8Array {
  const ends = { fromPort: 50_000, toPort: 80 };
  const packets = [
    tcp({ ...ends, seq: 1, flags: 'S' }),
    tcp({ ...ends, seq: 2, flags: 'PA', payload: REQUEST }),
    tcp({ ...ends, seq: 2 + REQUEST.length, flags: 'PA', payload: 'x' }),
  ];
  const blocks = packets.map((packet, i) => enhanced(packet, { comment: comments[i % comments.length] ?? '' }));
  return concat(section(), interfaceBlock(101), ...blocks);
}

function lookAtEverything(capture: Capture): void {
  for (let seq = 0; seq < capture.count; seq++) {
    structuredClone([capture.summary(seq), capture.detail(seq, 65_536), capture.payload(seq, 65_536)]);
  }
}

const remark = (value: unknown) => `wirescope ${JSON.stringify(value)}`;
const opened = (more: object) =>
  remark({
    connection: 1,
    opened: {
      transport: 'tcp',
      client: { address: '127.0.0.1', port: 1 },
      server: { address: '127.0.0.1', port: 2 },
      decrypted: false,
      dissectAs: { protocol: 'auto' },
      ...more,
    },
  });
const framed = (framing: object) => opened({ dissectAs: { protocol: 'tcp', framing } });

test.each<[string, string]>([
  ['an address that is none', opened({ client: { address: 'hello', port: 1 } })],
  ['an empty delimiter', framed({ kind: 'delimiter', delimiter: '' })],
  ['a delimiter of 30 kB', framed({ kind: 'delimiter', delimiter: 'aa'.repeat(30_000) })],
  ['messages of 2⁵³ bytes', framed({ kind: 'fixed', length: Number.MAX_SAFE_INTEGER })],
  ['a framing of another kind', framed({ kind: 'constructor' })],
  ['a protocol of another kind', opened({ dissectAs: { protocol: '__proto__' } })],
  ['a UDP conversation on a TCP packet', opened({ transport: 'udp' })],
  [
    'a connection nobody opened',
    remark({ connection: 0xffff_fffe, event: { type: 'info', severity: 'info', text: 'x' } }),
  ],
  ['a negative connection', remark({ connection: -1, closed: true })],
  ['a connection beyond all numbers', '{"connection":1e999,"closed":true}'],
  ['an end before the beginning', remark({ connection: 1, closed: true })],
  ['an event of no type', remark({ connection: 0, event: { type: 'toString', severity: 'info', text: 'x' } })],
  ['an event of no severity', remark({ connection: 0, event: { type: 'info', severity: '__proto__', text: 'x' } })],
  ['an event of 60 kB', remark({ connection: 0, event: { type: 'tls', severity: 'error', text: 'x'.repeat(60_000) } })],
  [
    'a prototype',
    'wirescope {"connection":0,"event":{"type":"info","severity":"info","text":"x","fields":{"__proto__":"y"}}}',
  ],
  [
    'a problem of numbers',
    remark({ connection: 0, event: { type: 'failed', severity: 'error', text: '', problem: { what: 1 } } }),
  ],
  ['brackets without end', `wirescope ${'['.repeat(60_000)}`],
  ['nothing', 'wirescope '],
])('%s', async (_name, comment) => {
  const capture = await loadedBytes(fileWith([comment]));
  lookAtEverything(capture);
  expect(wireText(capture, 1, 1)).toBe(`${REQUEST}x`);
});

test('no address steers a terminal or turns the writing round', async () => {
  const server = { address: '\u202e\u001b[31m<b>', port: 2 };
  const capture = await loadedBytes(fileWith([opened({ server })]));
  expect(capture.connection(1)?.server).toBe('⟨U+202E⟩␛[31m<b>:2');
});

test('an event cannot call itself by a name that all objects have', async () => {
  const event = { type: 'info', severity: 'info', text: 'seen', fields: { constructor: 1, toString: 'y' } };
  const capture = await loadedBytes(fileWith([remark({ connection: 0, event })]));
  lookAtEverything(capture);
  expect(summariesOf(capture).filter((summary) => summary === 'seen')).toHaveLength(3);
});

test('anything at all', async () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(...EVENT_TYPES, 'tcp', 'udp', 'info', 'error', 0, 1, 65_535),
  );
  const peer = fc.record({ address: fc.oneof(fc.ipV4(), fc.ipV6(), anything), port: anything }, { requiredKeys: [] });
  const part = fc.oneof(anything, peer, fc.dictionary(fc.constantFrom('type', 'severity', 'text', 'fields'), anything));
  const keys = fc.constantFrom('transport', 'client', 'server', 'decrypted', 'dissectAs', 'type', 'severity', 'text');
  const value = fc.record(
    { connection: anything, opened: fc.dictionary(keys, part), event: fc.dictionary(keys, part), closed: anything },
    { requiredKeys: ['connection'] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 3 }), async (values) => {
      const capture = await loadedBytes(fileWith(values.map(remark)));
      lookAtEverything(capture);
      expect(wireText(capture, 1, 1)).toBe(`${REQUEST}x`);
    }),
    { numRuns: 100 },
  );
});
