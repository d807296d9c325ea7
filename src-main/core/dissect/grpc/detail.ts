// gRPC on the looking path: what a record means to a person, by its type. Pure functions of a RecordView; field names are
// Wireshark's where it has one.
import type { Detail } from '../../field.ts';
import { oneLine, shorten } from '../../payload/preview.ts';
import type { Protocol, RecordView } from '../../protocol.ts';
import { grpcDefinitions } from './fields.ts';
import { GRPC_ID, GRPC_NOTES, GRPC_TYPES, GrpcType, statusOf } from './format.ts';
import { answerSummary, headersDetail, pathOf, resetDetail, resetSummary, statusSummary } from './headers-detail.ts';
import { messageDetail, messagePayload, messageSummary } from './message-detail.ts';
import { protobufDefinitions } from './protobuf-fields.ts';

const MAX_SUMMARY_CHARS = 200;

export const grpcProtocol: Protocol = {
  id: GRPC_ID,
  name: 'grpc',
  label: 'gRPC',
  types: GRPC_TYPES,
  notes: GRPC_NOTES,
  fields: [...grpcDefinitions, ...protobufDefinitions],
  quick: { 'grpc.status_code': (record) => statusOf(record.flags) },
  summary: (view) => shorten(oneLine(summary(view)), MAX_SUMMARY_CHARS),
  detail,
  payload: (view, limit) => (view.record.type === GrpcType.message ? messagePayload(view, limit) : undefined),
};

function summary(view: RecordView): string {
  switch (view.record.type) {
    case GrpcType.call:
      return `→ ${pathOf(view)}`;
    case GrpcType.answer:
      return answerSummary(view);
    case GrpcType.status:
      return statusSummary(view);
    case GrpcType.reset:
      return resetSummary(view);
    default:
      return messageSummary(view);
  }
}

function detail(view: RecordView, limit: number): Detail {
  switch (view.record.type) {
    case GrpcType.message:
      return messageDetail(view, limit);
    case GrpcType.reset:
      return resetDetail(view, limit);
    default:
      return headersDetail(view, limit);
  }
}
