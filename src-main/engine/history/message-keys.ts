// What of a capture is compared with another: its messages, the calls they belong to, and how connections and calls ended,
// in order; and by which keys two of them are the same, or the same but for their content. Reads each payload once.
import { createHash } from 'node:crypto';
import type { Capture } from '../../capture/capture.ts';
import { EVENT_ID } from '../../core/dissect/event.ts';
import { GRPC_ID, GrpcType } from '../../core/dissect/grpc/format.ts';
import { pathOf } from '../../core/dissect/grpc/headers-detail.ts';
import { Opcode, WEBSOCKET_ID } from '../../core/dissect/websocket/format.ts';
import { EVENT_TYPES } from '../../core/event.ts';
import type { Payload } from '../../core/protocol.ts';
import { Level, type TimelineRecord } from '../../core/record.ts';
import type { LoadedSchema } from '../../schemas/loaded-schema.ts';
import { messageJson } from '../message-json.ts';
import { payloadText } from '../payload-value.ts';
import type { Slices } from '../session/slices.ts';

/** Records of one capture that are compared: what a person can look through, and a second's work. */
export const MAX_COMPARED = 20_000;
/** Payload of one capture that is compared. */
const MAX_COMPARED_BYTES = 256 * 1024 * 1024;
/** A longer payload counts by its beginning and its length. */
const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;
/** Longer JSON counts by its bytes: taking it apart would hold everything else up. */
const MAX_JSON_BYTES = 1024 * 1024;
/** Parsing would round whole numbers with more digits than this, and make equals of what differs. */
const LONG_NUMBER = /\d{16}/;
const ROWS_AT_ONCE = 1000;

/** Compared records in order; equal numbers are equal keys, in all that were read with the same `KeyNumbers`. */
export interface MessageKeys {
  seqs: Int32Array;
  /** Direction, kind, method and content. JSON counts by what it says: white space and the order of keys do not. */
  whole: Int32Array;
  /** Direction, kind, method, and of JSON the names of its members. */
  shape: Int32Array;
  /** Direction, kind and method. */
  kind: Int32Array;
  /** There are more records to compare than these. */
  isCut: boolean;
  /** Messages among those. */
  leftOut: number;
}

/** Numbers for keys, the same for the same. */
export class KeyNumbers {
  readonly #numbers = new Map<string, number>();

  of(key: string): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(key, number);
    return number;
  }
}

export interface KeyReading {
  capture: Capture;
  /** Message types that are known. */
  schema: LoadedSchema | undefined;
  numbers: KeyNumbers;
  slices: Slices;
}

/** Of the first records, as many as are compared. */
export async function readMessageKeys({ capture, schema, numbers, slices }: KeyReading): Promise<MessageKeys> {
  const found: { seq: number; whole: number; shape: number; kind: number }[] = [];
  const methods = new Map<number, string>();
  let messages = 0;
  let payloadBytes = 0;
  let isCut = false;
  const view = capture.query({ level: 'messages' });
  for (let from = 0; from < view.total && !isCut; ) {
    const seqs = view.seqs(from, ROWS_AT_ONCE);
    from += seqs.length;
    for (const seq of seqs) {
      if (slices.due) await slices.pause();
      const record = capture.record(seq);
      if (!isCompared(record)) continue;
      isCut = found.length === MAX_COMPARED || payloadBytes >= MAX_COMPARED_BYTES;
      if (isCut) break;
      const isMessage = (record.levels & Level.message) !== 0;
      const kind = [record.direction, record.protocol, record.type, methodOf(capture, record, methods)].join(' ');
      const content = isMessage ? contentOf(capture.payload(seq, MAX_PAYLOAD_BYTES), schema) : capture.summary(seq);
      if (isMessage) messages += 1;
      payloadBytes += record.size;
      const { digest, members } = typeof content === 'string' ? { digest: content, members: '' } : content;
      found.push({
        seq,
        whole: numbers.of(`whole ${kind} ${digest}`),
        shape: numbers.of(`shape ${kind} ${members}`),
        kind: numbers.of(`kind ${kind}`),
      });
    }
  }
  view.dispose();
  const column = (name: 'seq' | 'whole' | 'shape' | 'kind') => Int32Array.from(found, (each) => each[name]);
  const leftOut = isCut ? capture.counts.messages - messages : 0;
  return { seqs: column('seq'), whole: column('whole'), shape: column('shape'), kind: column('kind'), isCut, leftOut };
}

const CLOSED = EVENT_TYPES.indexOf('closed');
const FAILED = EVENT_TYPES.indexOf('failed');

function isCompared({ levels, protocol, type }: TimelineRecord): boolean {
  if ((levels & Level.message) !== 0) return true;
  if (protocol === WEBSOCKET_ID) return type === Opcode.close;
  if (protocol === GRPC_ID) return type === GrpcType.call || type === GrpcType.status || type === GrpcType.reset;
  return protocol === EVENT_ID && (type === CLOSED || type === FAILED);
}

/** Of gRPC; '' of others. `known`: by the seq of the call. */
function methodOf(capture: Capture, { protocol, link, seq }: TimelineRecord, known: Map<number, string>): string {
  if (protocol !== GRPC_ID) return '';
  const method = known.get(link) ?? pathOf(capture.view(seq));
  known.set(link < 0 ? seq : link, method);
  return method;
}

interface ContentKeys {
  digest: string;
  /** Of a JSON object the names of its members, in order; else ''. */
  members: string;
}

function contentOf(payload: Payload | undefined, schema: LoadedSchema | undefined): ContentKeys {
  if (!payload) return { digest: '', members: '' };
  return jsonKeys(payload, schema) ?? { digest: `${payload.total} ${digestOf(payload.bytes)}`, members: '' };
}

/** Of a payload that says a list or an object as JSON, if nothing is lost by parsing it. */
function jsonKeys(payload: Payload, schema: LoadedSchema | undefined): ContentKeys | undefined {
  if (payload.total > MAX_JSON_BYTES) return undefined;
  const decoded = schema && messageJson(payload, schema);
  const text = decoded ? undefined : jsonText(payload);
  if (!decoded && text === undefined) return undefined;
  try {
    const value: unknown = decoded ? decoded.json : JSON.parse(text!);
    return { digest: digestOf(JSON.stringify(ordered(value))), members: membersOf(value) };
  } catch {
    // No JSON, or nested too deep to be taken apart.
    return undefined;
  }
}

/** White space may come before it, but hardly anybody sends that: then it counts by its bytes. */
function jsonText(payload: Payload): string | undefined {
  const [first] = payload.bytes;
  if (first !== 0x7b && first !== 0x5b) return undefined;
  const text = payloadText(payload);
  return text === undefined || LONG_NUMBER.test(text) ? undefined : text;
}

/** The same for objects whose members stand in another order. */
function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return ['[', ...value.map(ordered)];
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return ['{', ...entries.map(([name, member]) => [name, ordered(member)])];
}

function membersOf(value: unknown): string {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? JSON.stringify(Object.keys(value).sort()) : '';
}

function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64');
}
