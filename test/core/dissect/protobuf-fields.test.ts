// Field trees of protobuf messages are total: for any bytes, by a type or without, ranges stay inside and work is bounded.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { protobufDefinitions, protobufField } from '../../../src-main/core/dissect/grpc/protobuf-fields.ts';
import type { Field } from '../../../src-main/core/field.ts';
import { FUZZ_RUNS, FUZZ_TIMEOUT_MS } from '../../fuzz/laws.ts';
import { bytesOf } from './http2-frames.ts';
import { CHAT_TYPES } from './types.ts';

const defined = new Set(protobufDefinitions.map(({ name }) => name));

function expectSane(field: Field, offset: number, end: number): number {
  expect(defined).toContain(field.name);
  if (field.length > 0) {
    expect(field.start).toBeGreaterThanOrEqual(offset);
    expect(field.start + field.length).toBeLessThanOrEqual(end);
  }
  return (field.children ?? []).reduce((sum, child) => sum + expectSane(child, offset, end), 1);
}

const place = (bytes: Uint8Array, total = bytes.length) => ({ bytes, total, source: 2, offset: 10 });

describe('protobufField', () => {
  const byte = fc.oneof(
    fc.constantFrom(0x08, 0x0a, 0x12, 0x18, 0x22, 0x2a, 0x31, 0x3a, 0x42, 0x48, 0x50, 0x65, 0x6a, 0x75, 0x78),
    fc.constantFrom(0x0b, 0x0c, 0, 1, 2, 3, 4, 5, 0x80, 0xff, 0x61),
    fc.nat(255),
  );
  const bytes = fc.array(byte, { maxLength: 60, size: 'max' }).map((array) => Uint8Array.from(array));

  it('of any bytes', { timeout: FUZZ_TIMEOUT_MS }, () => {
    fc.assert(
      fc.property(
        bytes,
        fc.constantFrom('chat.Message', 'chat.Response', 'not.Known', undefined),
        fc.nat(2),
        (of, type, more) => {
          const field = protobufField(place(of, of.length + more), type, CHAT_TYPES);
          if (field) expectSane(field, 10, 10 + of.length);
          else expect(type === undefined || type === 'not.Known').toBe(true);
        },
      ),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('of a message nested a thousand deep, and of one of a million fields', () => {
    let nested = bytesOf([0x0a, 1, 0x61]);
    for (let depth = 0; depth < 1000; depth++) {
      const length = nested.length < 128 ? [nested.length] : [(nested.length & 127) | 128, nested.length >> 7];
      nested = bytesOf([0x2a], length, nested);
    }
    const many = new Uint8Array(2_000_000).fill(8);
    for (const of of [nested, many]) {
      for (const type of ['chat.Message', undefined]) {
        const field = protobufField(place(of), type, CHAT_TYPES);
        expect(expectSane(field!, 10, 10 + of.length)).toBeLessThan(20_000);
      }
    }
  });
});
