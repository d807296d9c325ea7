// The laws of dissectors for HTTP/1.1 and for the stack that chooses it: chunking and totality.
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { composeFrame } from '../../../src-main/core/compose/websocket.ts';
import { openHttp } from '../../../src-main/core/dissect/http/http.ts';
import { acceptFor } from '../../../src-main/core/dissect/http/sha1.ts';
import { protocolById } from '../../../src-main/core/dissect/registry.ts';
import { openStack } from '../../../src-main/core/dissect/stack.ts';
import { Direction } from '../../../src-main/core/record.ts';
import {
  chunkingLaw,
  FUZZ_RUNS,
  FUZZ_TIMEOUT_MS,
  mutated,
  pieceLengths,
  type Segment,
  totality,
} from '../../fuzz/laws.ts';

const protocolOf = (id: number) => protocolById(id)!;
const encoder = new TextEncoder();
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

const lineEnd = fc.oneof({ weight: 4, arbitrary: fc.constant('\r\n') }, { weight: 1, arbitrary: fc.constant('\n') });
const header = fc.oneof(
  fc.constantFrom(
    'Host: a.test',
    'Connection: Upgrade',
    'Upgrade: websocket',
    `Sec-WebSocket-Key: ${KEY}`,
    `Sec-WebSocket-Accept: ${acceptFor(KEY)}`,
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=08',
    'Content-Length: 5',
    'Content-Length: 5, 6',
    'Transfer-Encoding: chunked',
    ' folded on',
    'no colon',
    ': no name',
  ),
  fc.string({ maxLength: 12 }),
);
const head = fc
  .tuple(
    fc.constantFrom(
      'GET / HTTP/1.1',
      'POST /x HTTP/1.1',
      'HEAD / HTTP/1.0',
      'CONNECT a:1 HTTP/1.1',
      'HTTP/1.1 101 Switching Protocols',
      'HTTP/1.1 100 Continue',
      'HTTP/1.1 200 OK',
      'HTTP/1.1 204',
      'HTTP/9',
    ),
    fc.array(header, { maxLength: 6 }),
    lineEnd,
  )
  .map(([start, headers, end]) => [start, ...headers, '', ''].join(end));
const part = fc.oneof(
  { weight: 4, arbitrary: head },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '5\r\nhello\r\n',
      '0\r\n\r\n',
      '0\r\nA: b\r\n\r\n',
      'hello',
      '\r\n',
      'zz\r\n',
      '5;x=y\nhelloX',
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 10 }) },
);
const bytes = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 3 }), fc.option(fc.uint8Array({ maxLength: 6 })))
  .map(([texts, payload]) => {
    const frame = payload ? composeFrame({ opcode: 1, payload }) : [];
    return Uint8Array.from([...encoder.encode(texts.join('')), ...frame]);
  });
const segments: fc.Arbitrary<Segment[]> = fc.array(
  fc.record({ direction: fc.constantFrom(Direction.clientToServer, Direction.serverToClient), bytes }),
  { minLength: 1, maxLength: 4 },
);

describe('HTTP laws', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it('gives the same records however heads and bodies are cut', () => {
    fc.assert(
      fc.property(segments, pieceLengths, (input, lengths) => {
        chunkingLaw(openHttp, input, lengths);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('gives the same records however broken ones are cut, and loses no byte of them', () => {
    fc.assert(
      fc.property(mutated(segments), pieceLengths, (input, lengths) => {
        chunkingLaw(openHttp, input, lengths);
        totality(openHttp, input, protocolOf);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('decides the same however the first bytes are cut', () => {
    fc.assert(
      fc.property(segments, pieceLengths, (input, lengths) => {
        // Frames behind the choice keep the chunking law; unframed TCP has a record a chunk by design.
        const open = (sink: Parameters<typeof openStack>[2]) => openStack('tcp', { protocol: 'websocket' }, sink);
        chunkingLaw(open, input, lengths);
        totality((sink) => openStack('tcp', { protocol: 'auto' }, sink), input, protocolOf);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
