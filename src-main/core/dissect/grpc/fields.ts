// Names and labels of gRPC's fields, and those that tell how a record belongs to its call.
import type { Field, FieldDefinition } from '../../field.ts';
import type { RecordView } from '../../protocol.ts';
import { NONE, recordNumber } from '../../record.ts';
import { milliseconds } from '../duration.ts';
import { isCall } from './format.ts';

export const grpcDefinitions: readonly FieldDefinition[] = [
  { name: 'grpc', label: 'gRPC', type: 'string' },
  { name: 'grpc.path', label: 'Path', type: 'string' },
  { name: 'grpc.service', label: 'Service', type: 'string' },
  { name: 'grpc.method', label: 'Method', type: 'string' },
  { name: 'grpc.timeout', label: 'Timeout', type: 'number' },
  { name: 'grpc.encoding', label: 'Encoding', type: 'string' },
  { name: 'grpc.metadata', label: 'Metadata', type: 'string' },
  { name: 'grpc.metadata.name', label: 'Name', type: 'string' },
  { name: 'grpc.metadata.value', label: 'Value', type: 'string' },
  { name: 'grpc.metadata.binary', label: 'Binary value', type: 'string' },
  { name: 'grpc.frame_type', label: 'Frame type', type: 'number' },
  { name: 'grpc.compressed_flag', label: 'Compressed', type: 'number' },
  { name: 'grpc.message_length', label: 'Length', type: 'number' },
  { name: 'grpc.message_data', label: 'Message', type: 'bytes' },
  { name: 'grpc.inflated_length', label: 'Inflated length', type: 'number' },
  { name: 'grpc.frames', label: 'Spread over frames', type: 'number' },
  { name: 'grpc.frame', label: 'Frame in record', type: 'number' },
  { name: 'grpc.status_code', label: 'Status', type: 'number' },
  { name: 'grpc.status_message', label: 'Status message', type: 'string' },
  { name: 'grpc.status_details', label: 'Status details', type: 'string' },
  { name: 'grpc.status_details.code', label: 'Code', type: 'number' },
  { name: 'grpc.status_details.message', label: 'Message', type: 'string' },
  { name: 'grpc.status_details.type', label: 'Detail', type: 'string' },
  { name: 'grpc.trailers_only', label: 'Trailers only', type: 'boolean' },
  { name: 'grpc.reset_error', label: 'RST_STREAM', type: 'number' },
  { name: 'grpc.call_in', label: 'Call in record', type: 'number' },
  { name: 'grpc.duration', label: 'Time since the call', type: 'number' },
];
const labels = new Map(grpcDefinitions.map((definition) => [definition.name, definition.label]));

/** A field under its defined label; without a range it is not read from bytes. */
export function named(name: string, value: Field['value'], start = 0, length = 0): Field {
  return { name, label: labels.get(name) ?? name, value, start, length };
}

/** The record of the call that one of gRPC belongs to, if it was seen. */
export function callOf(view: RecordView): RecordView | undefined {
  if (isCall(view.record)) return view;
  const { link } = view.record;
  const call = link === NONE ? undefined : view.at(link);
  return call && isCall(call.record) ? call : undefined;
}

/** How the record belongs to its call. */
export function relationFields(view: RecordView): Field[] {
  const call = callOf(view);
  if (!call || call === view) return [];
  const since = view.record.at - call.record.at;
  return [
    named('grpc.call_in', recordNumber(view.record.link)),
    { ...named('grpc.duration', since), display: milliseconds(since) },
  ];
}
