// The laws of dissectors for HTTP/2, HPACK and gRPC: chunking and totality, over frames right and wrong.
import fc from 'fast-check';
import { gzip } from 'pako';
import { describe, it } from 'vitest';
import { Frame } from '../../../src-main/core/dissect/http2/format.ts';
import { openHttp2 } from '../../../src-main/core/dissect/http2/http2.ts';
import { protocolById } from '../../../src-main/core/dissect/registry.ts';
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
import * as h2 from './http2-frames.ts';

const protocolOf = (id: number) => protocolById(id)!;

const stream = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(1, 3, 5) },
  { weight: 1, arbitrary: fc.constantFrom(0, 2, 4, 0x7fff_ffff, 0x8000_0001) },
);
const flags = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, 1, 4, 5) },
  { weight: 2, arbitrary: fc.constantFrom(8, 0x0c, 0x0d, 0x24, 0x2d) },
  { weight: 1, arbitrary: fc.nat(255) },
);
const type = fc.oneof({ weight: 8, arbitrary: fc.nat(9) }, { weight: 1, arbitrary: fc.nat(255) });

const header = fc.oneof(
  fc.nat(70).map((index) => h2.bytesOf(h2.integer(index, 7, 0x80))),
  fc.tuple(fc.nat(70), fc.string({ maxLength: 6 })).map(([index, value]) => {
    const text = h2.bytesOf(value);
    return h2.bytesOf(h2.integer(index, 6, 0x40), index === 0 ? [1, 0x61] : [], [text.length], text);
  }),
  fc.constantFrom(...Object.entries(h2.CALL).map(([name, value]) => h2.literal(name, value, 0x40))),
  fc.constantFrom(
    ...Object.entries({ ...h2.ANSWER, 'grpc-encoding': 'gzip', 'grpc-status': '5', 'grpc-message': 'a%20b%zz' }).map(
      ([name, value]) => h2.literal(name, value, 0),
    ),
  ),
  fc.nat(5000).map((size) => h2.bytesOf(h2.integer(size, 5, 0x20))),
  fc.constantFrom(h2.bytesOf([0x40, 0x81, 0xff, 0x81, 0xff]), h2.bytesOf([0x00, 0x82, 0x1f, 0x8f, 0x01, 0x61])),
);
const block = fc.array(header, { maxLength: 8 }).map((parts) => h2.bytesOf(...parts));

const content = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => gzip(bytes)),
);
const message = fc.tuple(content, fc.constantFrom(0, 0, 0, 1, 7)).map(([bytes, flag]) => h2.message(bytes, flag));
/** Messages cut where frames of DATA begin. */
const datas = fc
  .tuple(
    fc.array(message, { minLength: 1, maxLength: 3 }),
    fc.constantFrom(1, 3, 5),
    fc.array(fc.nat(30), { maxLength: 3 }),
  )
  .map(([messages, id, cuts]) => {
    const bytes = h2.bytesOf(...messages);
    const frames: Uint8Array[] = [];
    let at = 0;
    for (const cut of [...cuts, bytes.length]) {
      frames.push(h2.data(id, bytes.subarray(at, at + cut)));
      at += cut;
    }
    return h2.bytesOf(...frames);
  });

const frame = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.tuple(type, flags, stream, fc.uint8Array({ maxLength: 24 })).map((of) => h2.frame(...of)),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(Frame.headers, Frame.headers, Frame.continuation, Frame.pushPromise), flags, stream, block)
      .map((of) => h2.frame(...of)),
  },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(1, 3, 5), flags).map(([id, f]) => h2.headers(id, h2.CALL, f & 5)) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(1, 3, 5), flags).map(([id, f]) => h2.headers(id, h2.ANSWER, f & 5)),
  },
  { weight: 3, arbitrary: datas },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.tuple(fc.nat(9), fc.oneof(fc.nat(70_000), fc.nat(0xffff_ffff))), { maxLength: 3 })
      .map((entries) => h2.settings(entries)),
  },
  { weight: 1, arbitrary: fc.constant(h2.settingsAck) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(stream, fc.nat(0xffff_ffff))
      .map(([id, n]) => h2.frame(Frame.windowUpdate, 0, id, h2.uint32(n))),
  },
);

const traffic: fc.Arbitrary<Segment[]> = fc.array(
  fc.record({
    direction: fc.constantFrom(Direction.clientToServer, Direction.serverToClient),
    bytes: fc.array(frame, { minLength: 1, maxLength: 4 }).map((frames) => h2.bytesOf(...frames)),
  }),
  { minLength: 1, maxLength: 5 },
);
const begun = fc
  .tuple(fc.boolean(), traffic)
  .map(([start, segments]) => (start ? [...h2.START, ...segments] : segments));
const withGaps = fc
  .tuple(begun, fc.array(fc.nat(60), { maxLength: 5 }))
  .map(([segments, gaps]) =>
    segments.map((segment, i): Segment => (gaps[i] ? { ...segment, gapBefore: gaps[i] } : segment)),
  );

describe('HTTP/2 laws', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it('gives the same records however frames are cut, and loses no byte of them', () => {
    fc.assert(
      fc.property(begun, pieceLengths, (input, lengths) => {
        chunkingLaw(openHttp2, input, lengths);
        totality(openHttp2, input, protocolOf);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('gives the same records however broken frames are cut, and loses no byte of them', () => {
    fc.assert(
      fc.property(mutated(begun), pieceLengths, (input, lengths) => {
        chunkingLaw(openHttp2, input, lengths);
        totality(openHttp2, input, protocolOf);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('finds frames again behind gaps', () => {
    fc.assert(
      fc.property(withGaps, pieceLengths, (input, lengths) => {
        chunkingLaw(openHttp2, input, lengths);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('survives bytes that are nothing in particular', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400, size: 'max' }),
        fc.boolean(),
        fc.boolean(),
        (bytes, client, start) => {
          const direction = client ? Direction.clientToServer : Direction.serverToClient;
          const input = start ? [...h2.START, { direction, bytes }] : [{ direction, bytes }];
          chunkingLaw(openHttp2, input, [1, 3, 7, 0, 20]);
          totality(openHttp2, input, protocolOf);
        },
      ),
      { numRuns: FUZZ_RUNS },
    );
  });
});
