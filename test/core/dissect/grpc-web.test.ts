// gRPC-Web: messages and trailers in bodies of HTTP/1.1 and HTTP/2, as they are and in base64 that is cut anywhere.
import fc from 'fast-check';
import { gzip } from 'pako';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/core/dissect/bytes.ts';
import { GRPC_ID, GRPC_TYPES, GrpcNote } from '../../../src-main/core/dissect/grpc/format.ts';
import { Base64Stream, readTrailers } from '../../../src-main/core/dissect/grpc/web.ts';
import { openHttp } from '../../../src-main/core/dissect/http/http.ts';
import { openHttp2 } from '../../../src-main/core/dissect/http2/http2.ts';
import { protocolById } from '../../../src-main/core/dissect/registry.ts';
import {
  chunkingLaw,
  type Dissected,
  FUZZ_RUNS,
  FUZZ_TIMEOUT_MS,
  mutated,
  type OpenDissector,
  pieceLengths,
  type Segment,
  totality,
} from '../../fuzz/laws.ts';
import {
  ANSWER,
  type Bytes,
  bytesOf,
  CALL,
  data,
  ENDS,
  fromClient,
  fromServer,
  headers,
  message,
  START,
} from './http2-frames.ts';

const grpc = protocolById(GRPC_ID)!;
const HELLO = bytesOf([0x0a, 5], 'hello');
const TRAILERS = message('grpc-status: 5\r\ngrpc-message: no%20one\r\n', 0x80);

function base64(...parts: Bytes[]): string {
  return parts.map((part) => Buffer.from(bytesOf(part)).toString('base64')).join('');
}

/** `type summary note` of each gRPC record. */
function told(open: OpenDissector, ...segments: Segment[]): string[] {
  chunkingLaw(open, segments, [1, 4, 9]);
  return lines(totality(open, segments, (id) => protocolById(id)!));
}

function lines(dissected: Dissected): string[] {
  return dissected.records
    .filter((record) => record.protocol === GRPC_ID)
    .map((record) => {
      const notes = Object.entries(GrpcNote).flatMap(([name, bit]) => (record.notes & bit ? [name] : []));
      return [GRPC_TYPES[record.type], grpc.summary(dissected.view(record.seq)), ...notes].join(' ');
    });
}

const EXPECTED = [
  'call → /chat.ChatService/SendMessage',
  'message {1: "hello"}',
  'answer ← no metadata',
  'message {1: "hello"}',
  'message {}',
  'status 5 NOT_FOUND: no one',
];

const ask = (type: string, body: Bytes, more = '') => {
  const bytes = bytesOf(body);
  const head = `POST /chat.ChatService/SendMessage HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\n${more}`;
  return fromClient(`${head}Content-Length: ${bytes.length}\r\n\r\n`, bytes);
};
const say = (type: string, body: Bytes, more = '') =>
  fromServer(
    `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n${more}Content-Length: ${bytesOf(body).length}\r\n\r\n`,
    body,
  );
const chunked = (type: string, ...chunks: Bytes[]) =>
  fromServer(
    `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`,
    ...chunks.flatMap((chunk) => [`${bytesOf(chunk).length.toString(16)}\r\n`, chunk, '\r\n']),
    '0\r\n\r\n',
  );

describe('over HTTP/1.1', () => {
  const body = bytesOf(message(HELLO), message(''), TRAILERS);

  it.each<[string, Segment[]]>([
    ['as it is', [ask('application/grpc-web+proto', message(HELLO)), say('application/grpc-web+proto', body)]],
    [
      'in chunks',
      [
        ask('application/grpc-web', message(HELLO)),
        chunked('application/grpc-web', body.subarray(0, 3), body.subarray(3)),
      ],
    ],
    [
      'in base64',
      [ask('application/grpc-web-text', base64(message(HELLO))), say('application/grpc-web-text', base64(body))],
    ],
    [
      'in base64, each message padded',
      [
        ask('application/grpc-web-text+proto', base64(message(HELLO))),
        chunked('application/grpc-web-text+proto', base64(message(HELLO)), base64(message('')), base64(TRAILERS)),
      ],
    ],
    [
      'in base64, chunks that end inside a group of four',
      [
        ask('application/grpc-web-text', base64(message(HELLO))),
        chunked('application/grpc-web-text', ...(base64(body).match(/.{1,3}/g) ?? [])),
      ],
    ],
  ])('%s', (_, segments) => {
    expect(told(openHttp, ...segments)).toEqual(EXPECTED);
  });

  it('several calls on one connection', () => {
    const type = 'application/grpc-web';
    const once = [ask(type, message(HELLO)), say(type, body)];
    expect(told(openHttp, ...once, ...once)).toEqual([...EXPECTED, ...EXPECTED]);
  });

  it('compressed, and its bytes', () => {
    const type = 'application/grpc-web-text';
    const compressed = base64(message(gzip(HELLO), 1), TRAILERS);
    const segments = [ask(type, base64(message(HELLO))), say(type, compressed, 'grpc-encoding: gzip\r\n')];
    expect(told(openHttp, ...segments)).toEqual(EXPECTED.filter((line) => line !== 'message {}'));
    const dissected = totality(openHttp, segments, (id) => protocolById(id)!);
    const messages = dissected.records.filter(({ protocol, type: kind }) => protocol === GRPC_ID && kind === 1);
    for (const { seq } of messages) {
      expect(grpc.payload(dissected.view(seq), 100)!.bytes).toEqual(HELLO);
      const { sources, payload } = grpc.detail(dissected.view(seq), 100);
      expect(sources[payload!]!.bytes).toEqual(HELLO);
      expect(Buffer.from(utf8(sources[0]!.bytes), 'base64').length).toBeGreaterThan(5);
    }
  });

  it.each<[string, Segment, string[]]>([
    [
      'without trailers',
      say('application/grpc-web', message(HELLO)),
      ['answer ← no metadata', 'message {1: "hello"}', 'status no status missingStatus'],
    ],
    [
      'cut off',
      fromServer(say('application/grpc-web', body).bytes.subarray(0, -40)),
      ['answer ← no metadata', 'message {1: "hello"}', 'message {}', 'message {} truncated'],
    ],
    ['trailers alone', say('application/grpc-web', '', 'grpc-status: 5\r\n'), ['status 5 NOT_FOUND']],
    [
      'from somebody else',
      say('text/html', '<html>', 'Server: nginx\r\n'),
      ['answer ← server: nginx notGrpc', 'status no status missingStatus'],
    ],
    [
      'base64 in lines',
      say('application/grpc-web-text', `${base64(message(HELLO))}\r\n${base64(TRAILERS)}`),
      ['answer ← no metadata', 'message {1: "hello"}', 'status 5 NOT_FOUND: no one'],
    ],
    [
      'base64 broken inside a message',
      say('application/grpc-web-text', `${base64(message(HELLO)).replace('A', '*A')}`),
      ['answer ← no metadata', 'message {1: "hello"} badBase64', 'status no status missingStatus'],
    ],
    [
      'base64 that ends inside a quantum',
      say('application/grpc-web-text', base64(message(HELLO)).slice(0, -2)),
      ['answer ← no metadata', 'message 0a 05 68 65 6c truncated', 'status no status missingStatus'],
    ],
  ])('an answer %s', (_, segment, expected) => {
    const request = ask('application/grpc-web', message(HELLO));
    expect(told(openHttp, request, segment).slice(2)).toEqual(expected);
  });
});

describe('over HTTP/2', () => {
  const type = (text: string) => ({ 'content-type': `application/grpc-web${text}`, te: '' });
  const body = bytesOf(message(HELLO), message(''), TRAILERS);

  it.each<[string, Uint8Array[], Uint8Array[], string]>([
    ['as it is', [message(HELLO)], [body.subarray(0, 8), body.subarray(8)], '+proto'],
    [
      'in base64',
      [bytesOf(base64(message(HELLO)))],
      (base64(body).match(/.{1,7}/g) ?? []).map((part) => bytesOf(part)),
      '-text',
    ],
  ])('%s', (_, request, answer, kind) => {
    const segments = [
      ...START,
      fromClient(headers(1, { ...CALL, ...type(kind) }), ...request.map((part) => data(1, part)), data(1, '', 1)),
      fromServer(headers(1, { ...ANSWER, ...type(kind) }), ...answer.map((part) => data(1, part)), data(1, '', 1)),
    ];
    expect(told(openHttp2, ...segments)).toEqual(EXPECTED);
  });

  it('with its status in the headers alone', () => {
    const status = headers(1, { ...ANSWER, ...type(''), 'grpc-status': '0' }, ENDS);
    const segments = [...START, fromClient(headers(1, { ...CALL, ...type('') })), fromServer(status)];
    expect(told(openHttp2, ...segments).at(-1)).toBe('status 0 OK');
  });
});

describe('Base64Stream', () => {
  const decode = (text: string) => {
    const stream = new Base64Stream();
    return [...text].map((character) => stream.push(character.charCodeAt(0))).filter((byte) => byte >= 0);
  };

  it('decodes what is joined of padded pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 6 }), (pieces) => {
        expect(decode(base64(...pieces))).toEqual(pieces.flatMap((piece) => [...piece]));
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});

it('trailers: lines with a colon, whatever else is there', () => {
  const items = readTrailers(bytesOf('Grpc-Status:  0 \r\nnothing\r\n: no name\r\nx:a:b'));
  expect(items.map(({ name, value }) => [name, value])).toEqual([
    ['grpc-status', '0'],
    ['x', 'a:b'],
  ]);
});

describe('gRPC-Web laws', { timeout: FUZZ_TIMEOUT_MS }, () => {
  const content = fc.tuple(fc.uint8Array({ maxLength: 20 }), fc.constantFrom(0, 0, 1, 0x80, 0x83));
  const bodies = fc
    .array(content, { maxLength: 4 })
    .map((parts) => bytesOf(...parts.map(([bytes, flag]) => message(bytes, flag)), TRAILERS));
  const traffic = fc
    .tuple(bodies, bodies, fc.constantFrom('', '-text'), fc.constantFrom('', '-text'), fc.boolean())
    .map(([first, second, asked, said, inChunks]): Segment[] => {
      const [request, answer] = [asked ? base64(first) : first, said ? base64(second) : second];
      const kind = `application/grpc-web${said}`;
      return [
        ask(`application/grpc-web${asked}`, request, 'grpc-encoding: gzip\r\n'),
        inChunks ? chunked(kind, answer) : say(kind, answer),
      ];
    });

  it('gives the same records however bodies are cut, right and broken', () => {
    fc.assert(
      fc.property(fc.oneof(traffic, mutated(traffic)), pieceLengths, (input, lengths) => {
        chunkingLaw(openHttp, input, lengths);
        totality(openHttp, input, (id) => protocolById(id)!);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
