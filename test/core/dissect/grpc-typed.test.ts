// gRPC messages whose type is known by the path of their call, and those whose type is not: summaries, fields, payload views.
import { gzip } from 'pako';
import { describe, expect, it } from 'vitest';
import { hex } from '../../../src-main/core/dissect/bytes.ts';
import { GRPC_ID, GrpcType } from '../../../src-main/core/dissect/grpc/format.ts';
import { openHttp2 } from '../../../src-main/core/dissect/http2/http2.ts';
import { protocolById } from '../../../src-main/core/dissect/registry.ts';
import type { Detail, Field } from '../../../src-main/core/field.ts';
import { parseFilter, ViewSubject } from '../../../src-main/core/filter/filter.ts';
import { decodePayload } from '../../../src-main/core/payload/decode.ts';
import type { RecordView } from '../../../src-main/core/protocol.ts';
import { dissect, type Segment } from '../../fuzz/laws.ts';
import { ANSWER, bytesOf, CALL, data, ENDS, fromClient, fromServer, headers, message, START } from './http2-frames.ts';
import { CHAT_TYPES } from './types.ts';

const grpc = protocolById(GRPC_ID)!;

/** user "a", text "bb", n −5, list [1, 300], inner {user "in"}, d 1.5, b, m {"k": 7}, s −3, c BLUE, f, x 99, names, fl, u. */
const FULL = Uint8Array.from(
  '0a01611202626218fbffffffffffffffff01220301ac022a040a02696e31000000000000f83f3a0200ff42050a016b1007480550015801'
    .concat('65630000006a01706a017175cdcccc3d78ffffffffffffffffff01')
    .match(/../g)!,
  (pair) => Number.parseInt(pair, 16),
);

/** Views of the messages of a connection, as a capture that knows `types` gives them. */
function messagesOf(segments: Segment[], types = CHAT_TYPES): RecordView[] {
  const dissected = dissect(openHttp2, [...START, ...segments]);
  return dissected.records
    .filter((record) => record.protocol === GRPC_ID && record.type === GrpcType.message)
    .map((record) => ({ ...dissected.view(record.seq), types }));
}

const sent = (content: Uint8Array, more: { [name: string]: string } = {}, flag = 0) =>
  messagesOf([fromClient(headers(1, { ...CALL, ...more }), data(1, message(content, flag), 1))])[0]!;

function flat(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => [field, ...flat(field.children ?? [])]);
}

/** `name value bytes` of fields that were read from bytes, `name value` of others. */
function told({ fields, sources }: Detail, pattern: RegExp): string[] {
  return flat(fields)
    .filter((field) => pattern.test(field.name))
    .map(({ name, value, source = 0, start, length }) =>
      [name, value, length > 0 ? hex(sources[source]!.bytes.subarray(start, start + length)) : ''].join(' ').trim(),
    );
}

describe('a message of a known type', () => {
  it('is summed up by names', () => {
    expect(grpc.summary(sent(FULL))).toBe(
      '{user: "a", text: "bb", n: -5, list: [1, 300], inner: {user: "in"}, d: 1.5, b: 00 ff, m: {"k": 7}, s: -3, ' +
        'c: BLUE (1), f: true, x: 99, names: ["p", "q"], fl: 0.1, u: 18446744073709551615}',
    );
  });

  it('has another type in the other direction', () => {
    const [request, response] = messagesOf([
      fromClient(headers(1, CALL), data(1, message([0x0a, 1, 0x61]), 1)),
      fromServer(headers(1, ANSWER), data(1, message([0x0a, 1, 0x62])), headers(1, { 'grpc-status': '0' }, ENDS)),
    ]);
    expect(grpc.summary(request!)).toBe('{user: "a"}');
    expect(grpc.summary(response!)).toBe('{status: "b"}');
    expect(grpc.payload(response!, 100)!.messageType).toBe('chat.Response');
  });

  it('has fields under the names of Wireshark, with their bytes', () => {
    const detail = grpc.detail(sent(FULL), 10_000);
    const values = told(detail, /^protobuf\.field\.(name|number|value\.(?!length).*)$/);
    expect(values.slice(0, 3)).toEqual([
      'protobuf.field.name user',
      'protobuf.field.number 1',
      'protobuf.field.value.string a 61',
    ]);
    expect(values.filter((line) => /value\./.test(line)).slice(2)).toEqual([
      'protobuf.field.value.int32 -5 fbffffffffffffffff01',
      'protobuf.field.value.repeated [1, 300] 01ac02',
      'protobuf.field.value.int32 1 01',
      'protobuf.field.value.int32 300 ac02',
      'protobuf.field.value.string in 696e',
      'protobuf.field.value.double 1.5 000000000000f83f',
      'protobuf.field.value.string k 6b',
      'protobuf.field.value.int32 7 07',
      'protobuf.field.value.int64 -3 05',
      'protobuf.field.value.int32 1 01',
      'protobuf.field.value.bool true 01',
      'protobuf.field.value.uint32 99 63000000',
      'protobuf.field.value.string p 70',
      'protobuf.field.value.string q 71',
      'protobuf.field.value.float 0.1 cdcccc3d',
      'protobuf.field.value.uint64 18446744073709551615 ffffffffffffffffff01',
    ]);
    expect(told(detail, /^protobuf\.message\.name$/)).toEqual([
      'protobuf.message.name chat.Message',
      'protobuf.message.name chat.Message',
    ]);
    expect(told(detail, /^protobuf\.field\.name$/).filter((line) => / names$/.test(line))).toHaveLength(2);
    expect(told(detail, /^grpc\.path$/)).toEqual(['grpc.path /chat.ChatService/SendMessage']);
    const defined = new Set(grpc.fields.map((field) => field.name));
    expect(flat(detail.fields).filter((field) => !defined.has(field.name))).toEqual([]);
  });

  it('that is compressed has its fields in the inflated bytes', () => {
    const detail = grpc.detail(sent(gzip(FULL), { 'grpc-encoding': 'gzip' }, 1), 10_000);
    const user = flat(detail.fields).find((field) => field.name === 'protobuf.field.value.string')!;
    expect(detail.sources[user.source!]!.label).toBe('Inflated');
    expect(hex(detail.sources[user.source!]!.bytes.subarray(user.start, user.start + user.length))).toBe('61');
  });

  it('can be filtered by its fields', () => {
    const holds = (text: string): boolean => {
      const result = parseFilter(text, [grpc]);
      if (!result.ok) throw new Error(result.error);
      return result.filter.matches(new ViewSubject().set(sent(FULL), grpc));
    };
    expect(holds('protobuf.field.name == "user"')).toBe(true);
    expect(holds('protobuf.field.name == "nobody"')).toBe(false);
    expect(holds('protobuf.field.value.string == "bb" && protobuf.field.value.int32 < 0')).toBe(true);
    expect(holds('protobuf.field.value.uint64 == 18446744073709551615')).toBe(true);
    expect(holds('protobuf.message.name contains "chat."')).toBe(true);
    expect(holds('grpc.path contains "Send"')).toBe(true);
  });

  it('is viewed by its type, and as what the wire says', () => {
    const payload = grpc.payload(sent(FULL), 10_000)!;
    const view = decodePayload(payload, 'auto');
    expect(view).toMatchObject({ view: 'protobuf', messageType: 'chat.Message', total: FULL.length });
    expect(view.alternatives).toEqual(['protobuf-wire', 'hex', 'text']);
    expect(view.tree!.slice(0, 2)).toEqual([
      { label: 'user', value: '"a"', type: 'string', start: 0, length: 3 },
      { label: 'text', value: '"bb"', type: 'string', start: 3, length: 4 },
    ]);
    const wire = decodePayload(payload, 'protobuf-wire');
    expect(wire.messageType).toBeUndefined();
    expect(wire.tree![0]).toMatchObject({ label: '1', value: '"a"' });
  });

  it('that is cut by the limit is read as far as it goes', () => {
    const long = sent(bytesOf([0x18, 5, 0x12, 0xd0, 0x0f], 'long '.repeat(400)));
    expect(grpc.summary(long)).toMatch(/^\{n: 5, text: "(long ){30,}.*…$/);
    const detail = grpc.detail(long, 10);
    expect(told(detail, /^protobuf\.(field\.name|failed)$/)).toEqual([
      'protobuf.field.name n',
      'protobuf.field.name text',
    ]);
    const [, text] = flat(detail.fields).filter(({ name }) => name === 'protobuf.field');
    expect(text).toMatchObject({ label: 'text', display: 'first 5 of 2000 bytes: "long …"', start: 2, length: 8 });
    const length = text?.children?.find(({ name }) => name === 'protobuf.field.value.length');
    expect(length).toMatchObject({ value: 2000, start: 3, length: 2 });
  });

  it('of which there is less than one field is viewed as far as it goes, by its type and without', () => {
    const text = 'x'.repeat(500_000);
    const payload = grpc.payload(sent(bytesOf([0x12, 0xa0, 0xc2, 0x1e], text)), 1000)!;
    const cut = { shownBytes: 996, totalBytes: 500_000 };
    for (const [view, label] of [
      ['protobuf', 'text'],
      ['protobuf-wire', '2'],
    ] as const) {
      const { tree, shown, total, error } = decodePayload(payload, view);
      expect(tree).toMatchObject([{ label, type: 'string', start: 0, length: 1000, cut }]);
      expect(tree![0]!.value).toMatch(/^"x+…"$/);
      expect({ shown, total, error }).toEqual({ shown: 1000, total: 500_004, error: undefined });
    }
  });

  it('that does not fit it is read without, and says why', () => {
    const broken = sent(bytesOf([0x18, 5, 0x12, 9, 0x61]));
    expect(grpc.summary(broken)).toBe('18 05 12 09 61');
    const detail = grpc.detail(broken, 100);
    expect(told(detail, /^protobuf\.failed$/)).toHaveLength(1);
    expect(decodePayload(grpc.payload(broken, 100)!, 'protobuf').error).toMatch(/bytes/);
    expect(grpc.summary(sent(bytesOf([0x0a, 1, 0x61, 0x98, 0x06, 7])))).toBe('{user: "a", 99: 7}');
  });

  it('is no protobuf if it is JSON, or compressed in an unknown way', () => {
    const json = sent(bytesOf('{"user":"a"}'), { 'content-type': 'application/grpc+json' });
    expect(grpc.payload(json, 100)!.messageType).toBeUndefined();
    expect(told(grpc.detail(json, 100), /^protobuf/)).toEqual([]);
    const unknown = sent(FULL, { 'grpc-encoding': 'snappy' }, 1);
    expect(told(grpc.detail(unknown, 100), /^protobuf/)).toEqual([]);
    expect(grpc.payload(unknown, 100)!.messageType).toBeUndefined();
  });
});

describe('a message of no known type', () => {
  it.each([
    ['nobody knows the method', { ':path': '/chat.ChatService/Other' }],
    ['there are no types', {}],
  ])('%s', (_, more) => {
    const [view] = messagesOf([fromClient(headers(1, { ...CALL, ...more }), data(1, message(FULL), 1))]);
    const { types, ...unaware } = view!;
    const untyped = ':path' in more ? view! : unaware;
    expect(types).toBe(CHAT_TYPES);
    expect(grpc.summary(untyped)).toMatch(/^\{1: "a", 2: "bb", 3: 18446744073709551611, /);
    const detail = grpc.detail(untyped, 10_000);
    const lines = told(detail, /^protobuf\.(guess|field\.(number|wiretype))$/);
    expect(lines.slice(0, 6)).toEqual([
      'protobuf.field.number 1',
      'protobuf.field.wiretype 2',
      'protobuf.guess a 61',
      'protobuf.field.number 2',
      'protobuf.field.wiretype 2',
      'protobuf.guess bb 6262',
    ]);
    expect(told(detail, /^protobuf\.field\.number$/)).toHaveLength(16);
    expect(told(detail, /^protobuf\.guess$/)).toContain('protobuf.guess {1: "in"} 0a02696e');
    expect(grpc.payload(untyped, 100)!.messageType).toBeUndefined();
    expect(decodePayload(grpc.payload(untyped, 1000)!, 'auto').alternatives).not.toContain('protobuf-wire');
  });

  it('that cannot be protobuf has no such fields', () => {
    expect(told(grpc.detail(sent(bytesOf([0xff, 0xff]), { ':path': '/a/b' }), 100), /^protobuf/)).toEqual([]);
  });

  it('of thousands of fields gives so many as a person may look at', () => {
    const view = sent(new Uint8Array(10_000).fill(8), { ':path': '/a/b' });
    const fields = flat(grpc.detail(view, 100_000).fields).filter((field) => field.name === 'protobuf.field');
    expect(fields).toHaveLength(2000);
  });
});
