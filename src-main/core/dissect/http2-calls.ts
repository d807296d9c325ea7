// gRPC on HTTP/2: which streams are calls, and what their header lists tell the call.
import type { RecordSink } from '../protocol.ts';
import { Direction } from '../record.ts';
import { GrpcCall } from './grpc.ts';
import { isGrpc } from './grpc-rules.ts';
import { callHeaders, type HeaderList } from './http2-lists.ts';
import type { Side } from './http2-side.ts';
import type { Http2Stream } from './http2-streams.ts';

/** Whether a stream is a call, or becomes one with this list. */
export function isCall(sink: RecordSink, stream: Http2Stream, list: HeaderList, at: number): boolean {
  if (stream.call) return true;
  const { kind } = list;
  const mayBegin = kind === 'request' || (kind === 'response' && stream.late);
  if (!mayBegin || !isGrpc(callHeaders(list).contentType)) return false;
  stream.call = new GrpcCall(sink, stream.id);
  // The request was not seen, nor where its messages begin.
  if (kind === 'response') stream.call.lose(Direction.clientToServer, at);
  return true;
}

/** Tells the call of a stream about a list, whose last frame was recorded as `seq`. */
export function tellCall(side: Side, call: GrpcCall, list: HeaderList, seq: number, at: number): void {
  const { start, endsStream } = side.block;
  const { kind, derived } = list;
  const record = { headers: callHeaders(list), seq, start, length: side.offset - start, derived, at };
  if (side.direction === Direction.serverToClient) {
    call.answer(record, endsStream);
    return;
  }
  if (kind === 'request') call.request(record);
  if (endsStream) call.cut(side.direction, at);
}
