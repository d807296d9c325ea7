// The laws of dissectors for WebSocket: chunking and totality, over frames right and wrong.
import fc from 'fast-check';
import { Deflate } from 'pako';
import { describe, it } from 'vitest';
import { composeFrame } from '../../../src-main/core/compose/websocket.ts';
import { protocolById } from '../../../src-main/core/dissect/registry.ts';
import { openWebSocket, type WebSocketAgreement } from '../../../src-main/core/dissect/websocket/websocket.ts';
import { Direction } from '../../../src-main/core/record.ts';
import {
  chunkingLaw,
  FUZZ_RUNS,
  FUZZ_TIMEOUT_MS,
  mutated,
  type OpenDissector,
  pieceLengths,
  type Segment,
  totality,
} from '../../fuzz/laws.ts';

const protocolOf = (id: number) => protocolById(id)!;

const agreements: (WebSocketAgreement | undefined)[] = [
  undefined,
  { deflate: undefined, otherExtension: false },
  { deflate: { clientNoContextTakeover: false, serverNoContextTakeover: false }, otherExtension: false },
  { deflate: { clientNoContextTakeover: true, serverNoContextTakeover: true }, otherExtension: true },
];
const agreement = fc.constantFrom(...agreements);
const open =
  (agreed: WebSocketAgreement | undefined): OpenDissector =>
  (sink) =>
    openWebSocket(sink, agreed);

const payload = fc.oneof(
  { weight: 4, arbitrary: fc.uint8Array({ maxLength: 20 }) },
  {
    weight: 3,
    arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => new TextEncoder().encode(text)),
  },
  { weight: 2, arbitrary: fc.string({ maxLength: 40 }).map((text) => deflated(text)) },
  { weight: 1, arbitrary: fc.constantFrom(deflated('x'.repeat(3000)), new Uint8Array([0])) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 120, maxLength: 300, size: 'max' }) },
);

function deflated(text: string): Uint8Array {
  const deflate = new Deflate({ raw: true });
  const parts: Uint8Array[] = [];
  deflate.onData = (part) => parts.push(part as Uint8Array);
  deflate.push(text, 2);
  const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
  return bytes.slice(0, -4);
}

const frame = fc
  .record({
    opcode: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(0, 1, 2, 8, 9, 10) },
      { weight: 1, arbitrary: fc.nat(15) },
    ),
    fin: fc.oneof({ weight: 2, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.boolean() }),
    rsv: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      { weight: 3, arbitrary: fc.constant(4) },
      { weight: 1, arbitrary: fc.nat(7) },
    ),
    maskingKey: fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
    payload,
    wide: fc.nat(9),
  })
  .map(({ wide, ...values }) => composeFrame(wide === 0 ? { ...values, lengthForm: 64 } : values));

const segments: fc.Arbitrary<Segment[]> = fc.array(
  fc.record({
    direction: fc.constantFrom(Direction.clientToServer, Direction.serverToClient),
    bytes: fc
      .array(frame, { minLength: 1, maxLength: 4 })
      .map((frames) => Uint8Array.from(frames.flatMap((f) => [...f]))),
  }),
  { minLength: 1, maxLength: 4 },
);

describe('WebSocket laws', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it('gives the same records however frames are cut', () => {
    fc.assert(
      fc.property(agreement, segments, pieceLengths, (agreed, input, lengths) => {
        chunkingLaw(open(agreed), input, lengths);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('gives the same records however broken frames are cut, and loses no byte of them', () => {
    fc.assert(
      fc.property(agreement, mutated(segments), pieceLengths, (agreed, input, lengths) => {
        chunkingLaw(open(agreed), input, lengths);
        totality(open(agreed), input, protocolOf);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('survives bytes that are nothing in particular', () => {
    fc.assert(
      fc.property(agreement, fc.uint8Array({ maxLength: 400, size: 'max' }), fc.boolean(), (agreed, bytes, client) => {
        const direction = client ? Direction.clientToServer : Direction.serverToClient;
        chunkingLaw(open(agreed), [{ direction, bytes }], [1, 3, 7, 0, 20]);
        totality(open(agreed), [{ direction, bytes }], protocolOf);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
