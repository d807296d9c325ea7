// Composing is the inverse of dissecting: what is composed is read back the same.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeClosePayload, composeFrame } from '../../../src-main/core/compose/websocket.ts';
import { hex } from '../../../src-main/core/dissect/bytes.ts';
import { websocketProtocol } from '../../../src-main/core/dissect/websocket/detail.ts';
import { WebSocketFlag } from '../../../src-main/core/dissect/websocket/format.ts';
import { framePayload } from '../../../src-main/core/dissect/websocket/frame.ts';
import { openWebSocket } from '../../../src-main/core/dissect/websocket/websocket.ts';
import type { Field } from '../../../src-main/core/field.ts';
import { Direction } from '../../../src-main/core/record.ts';
import { dissect, FUZZ_RUNS, FUZZ_TIMEOUT_MS } from '../../fuzz/laws.ts';

const frame = fc.record({
  opcode: fc.nat(15),
  fin: fc.boolean(),
  rsv: fc.nat(7),
  maskingKey: fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
  payload: fc.uint8Array({ maxLength: 200, size: 'max' }),
});

function byName(fields: readonly Field[]): Map<string, Field> {
  return new Map(fields.flatMap((field) => [[field.name, field] as const, ...byName(field.children ?? [])]));
}

describe('composeFrame', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it('is read back with every value, in every length form that fits', () => {
    fc.assert(
      fc.property(frame, fc.constantFrom(undefined, 16 as const, 64 as const), (values, form) => {
        const bytes = composeFrame(form === undefined ? values : { ...values, lengthForm: form });
        const { sink, ...dissected } = readBack(bytes);
        const record = sink.records[0]!;
        const fields = byName(websocketProtocol.detail(dissected.view, 1000).fields);
        expect(record.length).toBe(bytes.length);
        expect(fields.get('websocket.opcode')!.value).toBe(values.opcode);
        expect(fields.get('websocket.fin')!.value).toBe(values.fin);
        expect(fields.get('websocket.rsv')!.value).toBe(values.rsv);
        expect(fields.get('websocket.mask')!.value).toBe(values.maskingKey !== undefined);
        if (values.maskingKey) expect(fields.get('websocket.masking_key')!.value).toBe(hex(values.maskingKey));
        const code = fields.get('websocket.payload_length')!.value;
        const short = Math.min(values.payload.length, 126);
        expect(code).toBe(form === undefined ? short : form === 16 ? 126 : 127);
        expect(hex(framePayload(dissected.view, 1000))).toBe(hex(values.payload));
        expect((record.flags & WebSocketFlag.fin) !== 0).toBe(values.fin);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('refuses values that do not fit their fields', () => {
    expect(() => composeFrame({ opcode: 16 })).toThrow(RangeError);
    expect(() => composeFrame({ opcode: 1, rsv: 8 })).toThrow(RangeError);
    expect(() => composeFrame({ opcode: 1, maskingKey: new Uint8Array(3) })).toThrow(RangeError);
    expect(() => composeFrame({ opcode: 1, payload: new Uint8Array(126), lengthForm: 7 })).toThrow(RangeError);
    expect(() => composeFrame({ opcode: 1, declaredLength: 2n ** 64n })).toThrow(RangeError);
  });

  it('declares a length that is not the payload’s', () => {
    expect(hex(composeFrame({ opcode: 2, declaredLength: 2n ** 63n }))).toBe('827f8000000000000000');
  });
});

describe('composeClosePayload', () => {
  it('writes code and reason', () => {
    expect(hex(composeClosePayload(1000, 'é'))).toBe('03e8c3a9');
    expect(hex(composeClosePayload(4999))).toBe('1387');
    expect(composeClosePayload()).toHaveLength(0);
  });
});

function readBack(bytes: Uint8Array) {
  const dissected = dissect(
    (sink) => openWebSocket(sink, { deflate: undefined, otherExtension: false }),
    [{ direction: Direction.serverToClient, bytes }],
  );
  return { sink: dissected.sink, view: dissected.view(0) };
}
