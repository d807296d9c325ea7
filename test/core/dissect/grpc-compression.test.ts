// Messages of gRPC that are compressed, as they should be and not.
import { deflate, gzip } from 'pako';
import { describe, expect, it } from 'vitest';
import { GrpcInflater } from '../../../src-main/core/dissect/grpc/inflate.ts';
import { openHttp2 } from '../../../src-main/core/dissect/http2/http2.ts';
import { InflateBudget, InflatedBytes } from '../../../src-main/core/dissect/inflated-bytes.ts';
import { dissect } from '../../fuzz/laws.ts';
import { call, goOn, grpc, HELLO, payloadOf, records, told } from './grpc-dialogue.ts';
import { data, fromClient, message, START } from './http2-frames.ts';

describe('compression', () => {
  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['gzip', (bytes) => gzip(bytes)],
    ['deflate', (bytes) => deflate(bytes)],
  ])('%s', (encoding, compress) => {
    const compressed = compress(HELLO);
    const dissected = goOn(
      fromClient(
        call({ 'grpc-encoding': encoding }),
        data(1, message(compressed, 1)),
        data(1, message(compressed, 1).subarray(0, 9)),
        data(1, message(compressed, 1).subarray(9)),
      ),
    );
    expect(told(dissected).slice(1)).toEqual(['message {1: "hello"}', 'message {1: "hello"}']);
    for (const record of records(dissected).slice(1)) {
      expect(payloadOf(dissected, record)).toEqual(HELLO);
      const { sources } = grpc.detail(dissected.view(record.seq), 1000);
      expect(sources.map((source) => source.label)).toEqual(['Wire', 'Compressed', 'Inflated']);
      expect(sources[1]!.bytes).toEqual(compressed);
    }
  });

  it('broken data', () => {
    const broken = gzip(new TextEncoder().encode('some text that is long enough to be broken in its middle'));
    broken.fill(0xff, 30, 40);
    const dissected = goOn(
      fromClient(call({ 'grpc-encoding': 'gzip' }), data(1, message(broken, 1)), data(1, message(gzip(HELLO), 1))),
    );
    expect(told(dissected)[1]).toMatch(/ inflateFailed$/);
    expect(told(dissected)[2]).toBe('message {1: "hello"}');
  });

  it('half a message', () => {
    const dissected = goOn(
      fromClient(call({ 'grpc-encoding': 'gzip' }), data(1, message(gzip(HELLO).subarray(0, 15), 1))),
    );
    expect(told(dissected)[1]).toMatch(/ inflateFailed$/);
  });

  it('a bomb is kept to its limit', () => {
    const bomb = gzip(new Uint8Array(66 * 1024 * 1024));
    const dissected = dissect(openHttp2, [
      ...START,
      fromClient(call({ 'grpc-encoding': 'gzip' })),
      fromClient(...cut(message(bomb, 1))),
    ]);
    expect(told(dissected).at(-1)).toMatch(/ inflateLimit$/);
    expect(dissected.sink.derived.at(-1)!.length).toBeLessThan(100_000);
  });

  it('an inflater stops at its limit, and says what it has', () => {
    const inflater = new GrpcInflater(31, 100, new InflatedBytes(new InflateBudget(), 1000));
    inflater.push(gzip(new Uint8Array(100_000)));
    expect(inflater.finish()).toMatchObject({ outcome: 'limit', bytes: { length: 1000 } });
  });
});

/** A message in frames of DATA of 16,000 bytes. */
function cut(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / 16_000) }, (_, n) =>
    data(1, bytes.subarray(n * 16_000, (n + 1) * 16_000)),
  );
}
