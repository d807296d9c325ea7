// Calls as frames of HTTP/2 on one stream, and what the dissector told of them.
import { GRPC_ID, GRPC_TYPES, GrpcNote } from '../../../src-main/core/dissect/grpc/format.ts';
import { openHttp2 } from '../../../src-main/core/dissect/http2/http2.ts';
import { protocolById } from '../../../src-main/core/dissect/registry.ts';
import type { Field } from '../../../src-main/core/field.ts';
import type { TimelineRecord } from '../../../src-main/core/record.ts';
import { chunkingLaw, type Dissected, type Segment, totality } from '../../fuzz/laws.ts';
import { ANSWER, bytesOf, CALL, ENDS, headers, START } from './http2-frames.ts';

export const grpc = protocolById(GRPC_ID)!;
/** As protobuf: field 1, hello. */
export const HELLO = bytesOf([0x0a, 5], 'hello');
/** Header lists of stream 1. */
export const call = (more: { [name: string]: string } = {}) => headers(1, { ...CALL, ...more });
export const answer = (more: { [name: string]: string } = {}) => headers(1, { ...ANSWER, ...more });
export const trailers = (more: { [name: string]: string } = { 'grpc-status': '0' }) => headers(1, more, ENDS);

/** What a connection of HTTP/2 carries that goes on with `segments`, once the laws have held for it. */
export function goOn(...segments: Segment[]): Dissected {
  const input = [...START, ...segments];
  chunkingLaw(openHttp2, input, [1, 4, 9]);
  return totality(openHttp2, input, (id) => protocolById(id)!);
}

/** Those of gRPC. */
export function records(dissected: Dissected): TimelineRecord[] {
  return dissected.records.filter((record) => record.protocol === GRPC_ID);
}

/** `type summary note note` of each gRPC record. */
export function told(dissected: Dissected): string[] {
  return records(dissected).map((record) => {
    const notes = Object.entries(GrpcNote).flatMap(([name, bit]) => (record.notes & bit ? [name] : []));
    return [GRPC_TYPES[record.type], grpc.summary(dissected.view(record.seq)), ...notes].join(' ');
  });
}

/** The last one of gRPC. */
export function last(dissected: Dissected): TimelineRecord {
  return records(dissected).at(-1)!;
}

/** The application's bytes. */
export function payloadOf(dissected: Dissected, record: TimelineRecord): Uint8Array {
  return grpc.payload(dissected.view(record.seq), 1_000_000)!.bytes;
}

/** A field of a record, wherever it stands in its tree. */
export function field(dissected: Dissected, record: TimelineRecord, name: string): Field | undefined {
  const find = (fields: readonly Field[]): Field | undefined => {
    for (const each of fields) {
      const found = each.name === name ? each : find(each.children ?? []);
      if (found) return found;
    }
    return undefined;
  };
  return find(grpc.detail(dissected.view(record.seq), 10_000).fields);
}
