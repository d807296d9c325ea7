// The last messages of a capture, as a run's JSON report lists them.
import type { Capture } from '../capture/capture.ts';
import { GRPC_ID, GrpcType, STATUS_NAMES, statusOf } from '../core/dissect/grpc/format.ts';
import { binaryValues } from '../core/dissect/grpc/metadata.ts';
import { headersOf } from '../core/dissect/http2/header-fields.ts';
import { headerValue } from '../core/dissect/http2/hpack.ts';
import { WEBSOCKET_ID } from '../core/dissect/websocket/format.ts';
import type { CallState } from '../core/grpc-call.ts';
import { type DirectionName, directionName, Level, type TimelineRecord } from '../core/record.ts';
import { messageJson } from '../engine/message-json.ts';
import { payloadValue } from '../engine/payload-value.ts';
import type { LoadedSchema } from '../schemas/loaded-schema.ts';
import { decodeStatusDetails, type StatusDetail } from '../schemas/status-details.ts';

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
  /** gRPC: the code a call ended with, by name; in an entry of its own. */
  status?: string;
  /** What grpc-status-details-bin says beside it. */
  details?: DetailReport[];
}

/** A detail of a status: as ProtoJSON if its type is known, else its bytes. */
export type DetailReport = { type: string } & ({ json: unknown } | { base64: string });

export interface CallReport {
  call: number;
  method: string;
  clientMessages: number;
  serverMessages: number;
  /** Absent of a call that was still open. */
  status?: string;
  message?: string;
  durationMs?: number;
  /** It was still open when the script was over, and was ended with the run. */
  cut?: true;
}

/** `schema`: to decode gRPC messages with. */
export function messageReports(capture: Capture, schema: LoadedSchema | undefined, limit: number): MessageReport[] {
  const found: MessageReport[] = [];
  for (let seq = capture.count - 1; seq >= 0 && found.length < limit; seq -= 1) {
    const record = capture.record(seq);
    const said = saidBy(capture, record, schema);
    if (said) found.push({ seq, at: record.at, direction: directionName(record.direction), ...said });
  }
  return found.reverse();
}

/** Calls in the order they began. `cut`: numbers of those that the end of the run ended. */
export function callReports(calls: readonly CallState[], cut: ReadonlySet<number>): CallReport[] {
  return [...calls]
    .sort((a, b) => a.call - b.call)
    .map(({ call, method, clientMessages, serverMessages, startedAt, ended }) => ({
      call,
      method,
      clientMessages,
      serverMessages,
      ...(ended && { status: statusWord(ended.code), durationMs: Math.round((ended.at - startedAt) / 10) / 100 }),
      ...(ended?.message && { message: ended.message }),
      ...(cut.has(call) && { cut: true as const }),
    }));
}

/** What a record says for itself; undefined if it is no message and no status. */
function saidBy(capture: Capture, record: TimelineRecord, schema: LoadedSchema | undefined) {
  const { protocol, type, flags, levels, seq } = record;
  if (protocol === GRPC_ID && type === GrpcType.status) {
    const code = statusOf(flags);
    return code === undefined ? undefined : { status: statusWord(code), ...detailsOf(capture, seq, schema) };
  }
  if ((levels & Level.message) === 0) return undefined;
  const payload = capture.payload(seq, PAYLOAD_LIMIT_BYTES) ?? { bytes: new Uint8Array(), total: 0, text: false };
  const decoded = schema && messageJson(payload, schema);
  if (decoded) return decoded;
  // WebSocket and gRPC say themselves what is text; others are shown as bytes even where they happen to be letters.
  const binary = (protocol === WEBSOCKET_ID || protocol === GRPC_ID) && !payload.text;
  const value = binary ? { base64: Buffer.from(payload.bytes).toString('base64') } : payloadValue(payload);
  return {
    ...('text' in value ? textOrJson(value.text) : value),
    ...(payload.total > payload.bytes.length && { length: payload.total }),
  };
}

function detailsOf(capture: Capture, seq: number, schema: LoadedSchema | undefined): { details?: DetailReport[] } {
  const value = headerValue(headersOf(capture.view(seq))?.items ?? [], 'grpc-status-details-bin');
  const bytes = binaryValues(value ?? '')?.[0];
  if (!schema || !bytes) return {};
  try {
    const { details } = decodeStatusDetails(bytes, schema);
    return details.length === 0 ? {} : { details: details.map(detailReport) };
  } catch {
    // It is no status: the timeline has a note.
    return {};
  }
}

function detailReport({ type, json, bytes }: StatusDetail): DetailReport {
  return json === undefined ? { type, base64: Buffer.from(bytes).toString('base64') } : { type, json };
}

function statusWord(code: number): string {
  return STATUS_NAMES[code] ?? String(code);
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
