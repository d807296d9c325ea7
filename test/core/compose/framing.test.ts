import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameMessage } from '../../../src-main/core/compose/framing.ts';
import { openCutter } from '../../../src-main/core/dissect/tcp-framing.ts';
import type { Framing } from '../../../src-main/core/protocol.ts';

/** The application's bytes of every message in a stream, and whether any was odd. */
function messagesIn(framing: Framing, stream: Uint8Array): { messages: Buffer[]; faults: string[] } {
  const messages: Buffer[] = [];
  const faults: string[] = [];
  let at = 0;
  const prefixBytes = framing.kind === 'length-prefix' ? framing.bytes : 0;
  const cutter = openCutter(framing, (_kind, length, size, fault) => {
    messages.push(Buffer.from(stream.subarray(at + prefixBytes, at + prefixBytes + size)));
    if (fault) faults.push(fault);
    at += length;
  });
  cutter.push(stream);
  cutter.end();
  return { messages, faults };
}

const bytes = (minLength = 0, maxLength = 300) => fc.uint8Array({ minLength, maxLength, size: 'max' });

const prefixes = fc.record({
  kind: fc.constant('length-prefix' as const),
  bytes: fc.constantFrom<1 | 2 | 4 | 8>(1, 2, 4, 8),
  littleEndian: fc.boolean(),
  includesItself: fc.boolean(),
});

describe('frameMessage', () => {
  it('is undone by the cutter for every length prefix', () => {
    fc.assert(
      fc.property(prefixes, fc.array(bytes(0, 200), { minLength: 1 }), (framing, messages) => {
        const stream = Buffer.concat(messages.map((message) => frameMessage(framing, message)));
        expect(messagesIn(framing, stream)).toEqual({ messages: messages.map((m) => Buffer.from(m)), faults: [] });
      }),
      { numRuns: 300 },
    );
  });

  it('is undone by the cutter for messages that do not contain the delimiter', () => {
    fc.assert(
      fc.property(bytes(1, 4), fc.array(bytes(0, 50), { minLength: 1 }), (delimiter, candidates) => {
        const framing: Framing = { kind: 'delimiter', delimiter };
        const messages = candidates
          .map((message) => Buffer.from(message))
          .filter((message) => Buffer.concat([message, delimiter]).indexOf(delimiter) === message.length);
        const stream = Buffer.concat(messages.map((message) => frameMessage(framing, message)));
        expect(messagesIn(framing, stream)).toEqual({ messages, faults: [] });
      }),
      { numRuns: 300 },
    );
  });

  it('is undone by the cutter for lines', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[^\r\n]*$/), { minLength: 1 }), (lines) => {
        const framing: Framing = { kind: 'lines' };
        const messages = lines.map((line) => Buffer.from(line));
        const stream = Buffer.concat(messages.map((message) => frameMessage(framing, message)));
        expect(messagesIn(framing, stream)).toEqual({ messages, faults: [] });
      }),
      { numRuns: 300 },
    );
  });

  it('is undone by the cutter for fixed lengths', () => {
    const framing: Framing = { kind: 'fixed', length: 4 };
    const stream = Buffer.concat([
      frameMessage(framing, Buffer.from('abcd')),
      frameMessage(framing, Buffer.from('efgh')),
    ]);
    expect(messagesIn(framing, stream)).toEqual({ messages: [Buffer.from('abcd'), Buffer.from('efgh')], faults: [] });
  });

  it('leaves a message without framing as it is', () => {
    const message = Uint8Array.of(1, 2, 3);
    expect(frameMessage({ kind: 'none' }, message)).toBe(message);
  });

  it('writes prefixes in the byte order asked for', () => {
    const body = new Uint8Array(258);
    const head = (littleEndian: boolean, includesItself: boolean) => [
      ...frameMessage({ kind: 'length-prefix', bytes: 4, littleEndian, includesItself }, body).subarray(0, 4),
    ];
    expect(head(false, false)).toEqual([0, 0, 1, 2]);
    expect(head(true, false)).toEqual([2, 1, 0, 0]);
    expect(head(false, true)).toEqual([0, 0, 1, 6]);
  });

  it('refuses what the framing cannot carry', () => {
    const prefix: Framing = { kind: 'length-prefix', bytes: 1, littleEndian: false, includesItself: false };
    expect(frameMessage(prefix, new Uint8Array(255))).toHaveLength(256);
    expect(() => frameMessage(prefix, new Uint8Array(256))).toThrow(
      '256 bytes: too long for a length prefix of 1 byte.',
    );
    expect(() => frameMessage({ ...prefix, includesItself: true }, new Uint8Array(255))).toThrow(RangeError);
    expect(() => frameMessage({ kind: 'fixed', length: 4 }, new Uint8Array(3))).toThrow(
      'The message has 3 bytes, but every message of this framing has 4.',
    );
  });
});
