// The last messages of a capture, as a run's JSON report lists them.
import type { Capture } from '../capture/capture.ts';
import { WEBSOCKET_ID } from '../core/dissect/websocket-format.ts';
import { type DirectionName, directionName, Level } from '../core/record.ts';
import { payloadValue } from '../engine/payload-value.ts';

/** A message is reported whole up to here; what is longer is cut, and its `length` says how long it was. */
const PAYLOAD_LIMIT_BYTES = 1024 * 1024;

/** JSON.parse would round whole numbers with more digits than this. */
const LONG_NUMBER = /\d{16}/;

export interface MessageReport {
  seq: number;
  /** Microseconds since the Unix epoch. */
  at: number;
  direction: DirectionName | '';
  text?: string;
  json?: unknown;
  base64?: string;
  /** Bytes in all, of a message that was cut. */
  length?: number;
}

export function messageReports(capture: Capture, limit: number): MessageReport[] {
  const found: MessageReport[] = [];
  for (let seq = capture.count - 1; seq >= 0 && found.length < limit; seq -= 1) {
    const { levels, at, direction, protocol } = capture.record(seq);
    if ((levels & Level.message) === 0) continue;
    const payload = capture.payload(seq, PAYLOAD_LIMIT_BYTES) ?? { bytes: new Uint8Array(), total: 0, text: false };
    // WebSocket says itself what is text; a binary message is shown as bytes even where they happen to be letters.
    const binary = protocol === WEBSOCKET_ID && !payload.text;
    const value = binary ? { base64: Buffer.from(payload.bytes).toString('base64') } : payloadValue(payload);
    found.push({
      seq,
      at,
      direction: directionName(direction),
      ...('text' in value ? textOrJson(value.text) : value),
      ...(payload.total > payload.bytes.length && { length: payload.total }),
    });
  }
  return found.reverse();
}

/** Objects and arrays as JSON, as long as nothing is lost by parsing them. */
function textOrJson(text: string): { text: string } | { json: unknown } {
  if (!/^\s*[[{]/.test(text) || LONG_NUMBER.test(text)) return { text };
  try {
    return { json: JSON.parse(text) };
  } catch {
    return { text };
  }
}
