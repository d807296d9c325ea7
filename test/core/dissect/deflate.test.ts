// permessage-deflate against zlib as an independent judge, and what it must survive.
import { constants, createDeflateRaw, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { GrpcInflater } from '../../../src-main/core/dissect/grpc/inflate.ts';
import { INFLATER_BYTES, InflateBudget, InflatedBytes } from '../../../src-main/core/dissect/inflated-bytes.ts';
import { MessageInflater } from '../../../src-main/core/dissect/websocket/deflate.ts';

function openInflater(takeover: boolean, limitBytes?: number): MessageInflater {
  return new MessageInflater(new InflatedBytes(new InflateBudget(), limitBytes), takeover);
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Messages as zlib sends them over one connection, without their last four bytes. */
async function compress(messages: readonly Uint8Array[], windowBits: number, takeover: boolean): Promise<Uint8Array[]> {
  const wire: Uint8Array[] = [];
  let deflate = createDeflateRaw({ windowBits });
  for (const message of messages) {
    const parts: Buffer[] = [];
    deflate.on('data', (part: Buffer) => parts.push(part));
    deflate.write(message);
    await new Promise<void>((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, () => resolve()));
    deflate.removeAllListeners('data');
    wire.push(Uint8Array.from(Buffer.concat(parts)).subarray(0, -4));
    if (!takeover) deflate = createDeflateRaw({ windowBits });
  }
  return wire;
}

/** Words that repeat, so that messages refer to those before them; the same every time. */
function message(n: number): Uint8Array {
  const words = Array.from({ length: (n * 7) % 90 }, (_, i) => `word${(n * i * 31) % 17}`);
  return new TextEncoder().encode(words.join(n % 3 ? ' ' : '\n'));
}

describe('MessageInflater', () => {
  it.each([
    [9, true],
    [12, true],
    [15, true],
    [9, false],
    [15, false],
  ])('inflates what zlib deflates with a window of 2^%i, takeover %s', async (windowBits, takeover) => {
    const messages = Array.from({ length: 300 }, (_, n) => message(n)).filter((bytes) => bytes.length > 0);
    const inflater = openInflater(takeover);
    for (const [n, wire] of (await compress(messages, windowBits, takeover)).entries()) {
      inflater.push(wire.subarray(0, n % 5));
      inflater.push(wire.subarray(n % 5));
      const { bytes, outcome } = inflater.finish();
      expect(outcome).toBe('complete');
      expect(text(bytes)).toBe(text(messages[n]!));
    }
  });

  it('inflates messages longer than the window and its blocks', async () => {
    const large = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >> 7);
    const inflater = openInflater(true);
    for (const wire of await compress([large, large], 15, true)) {
      inflater.push(wire);
      expect(Buffer.compare(inflater.finish().bytes, large)).toBe(0);
    }
  });

  it('stops a bomb at the limit and keeps its beginning', () => {
    const bomb = deflateRawSync(new Uint8Array(4_000_000).fill(0x61)).subarray(0, -1);
    const inflater = openInflater(true, 1_000_000);
    for (let i = 0; i < bomb.length; i += 100) inflater.push(bomb.subarray(i, i + 100));
    const { bytes, outcome } = inflater.finish();
    expect(outcome).toBe('limit');
    expect(bytes.length).toBe(65_536);
    expect(bytes.every((byte) => byte === 0x61)).toBe(true);
  });

  it('says limit, not failed, of a bomb that ends in a corrupt block, however it is cut', () => {
    const bomb = deflateRawSync(new Uint8Array(200_000), { finishFlush: constants.Z_SYNC_FLUSH });
    const bytes = Uint8Array.from([...bomb, 0xff, 0xff]);
    for (const step of [1, 10, bytes.length]) {
      const inflater = openInflater(false, 199_990);
      for (let i = 0; i < bytes.length; i += step) inflater.push(bytes.subarray(i, i + step));
      const message = inflater.finish();
      expect(message.outcome).toBe('limit');
      expect(message.bytes.length).toBe(65_536);
    }
  });

  it('does not restart for each of many final blocks', () => {
    const inflater = openInflater(true);
    inflater.push(Uint8Array.from({ length: 20_000 }, (_, i) => (i % 2 ? 0x00 : 0x03)));
    expect(inflater.finish()).toMatchObject({ outcome: 'failed', finalBlock: true, dataAfterFinal: true });
  });

  it('goes on after a failure with messages that need nothing from before', () => {
    const inflater = openInflater(true);
    inflater.push(Uint8Array.of(0xff));
    expect(inflater.finish().outcome).toBe('failed');
    inflater.push(Uint8Array.of(0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00));
    expect(text(inflater.finish().bytes)).toBe('Hello');
  });
});

describe('compressed messages of a capture', () => {
  const MEGABYTE = 1_000_000;
  /** Inflates to a megabyte, and could go on. */
  const bomb = deflateRawSync(new Uint8Array(MEGABYTE), { finishFlush: constants.Z_SYNC_FLUSH });

  it('may take so much together while they are unfinished and no more; each has its beginning, and what they took is given back', () => {
    const budget = new InflateBudget(3.5 * MEGABYTE);
    const open = () => new MessageInflater(new InflatedBytes(budget), true);
    for (let round = 0; round < 3; round++) {
      const many = Array.from({ length: 5 }, open);
      for (const inflater of many) inflater.push(bomb.subarray(0, -4));
      const outcomes = many.map((inflater) => inflater.finish());
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(['complete', 'complete', 'complete', 'limit', 'limit']);
      expect(outcomes.map(({ bytes }) => bytes.length)).toEqual([MEGABYTE, MEGABYTE, MEGABYTE, 65_536, 65_536]);
      for (const inflater of many) inflater.close();
    }
  });

  it('take memory for their inflaters, too: of thousands that bring next to nothing the last ones get none', () => {
    const budget = new InflateBudget(100 * INFLATER_BYTES + 10);
    const many = Array.from({ length: 150 }, () => new GrpcInflater(-15, 4, new InflatedBytes(budget)));
    for (const inflater of many) inflater.push(bomb.subarray(0, 4));
    const outcomes = many.map((inflater) => inflater.finish().outcome);
    expect(outcomes).toEqual([...new Array(100).fill('failed'), ...new Array(50).fill('limit')]);
    const later = new GrpcInflater(-15, bomb.length, new InflatedBytes(budget));
    later.push(bomb);
    expect(later.finish().bytes).toHaveLength(MEGABYTE);
  });

  it('take memory for what later ones may refer to, until the connection ends', () => {
    const budget = new InflateBudget(2 * INFLATER_BYTES + 2000);
    const hello = Uint8Array.of(0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00);
    const send = (inflater: MessageInflater) => {
      inflater.push(hello);
      return inflater.finish().outcome;
    };
    const [a, b, c] = Array.from({ length: 3 }, () => new MessageInflater(new InflatedBytes(budget), true));
    const forgetful = new MessageInflater(new InflatedBytes(budget), false);
    expect([forgetful, forgetful, a!, b!, a!, b!, c!, forgetful].map(send)).toEqual([
      ...new Array(6).fill('complete'),
      'limit',
      'limit',
    ]);
    a!.close();
    expect([c!, forgetful].map(send)).toEqual(['complete', 'limit']);
  });
});
