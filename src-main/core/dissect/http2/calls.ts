// gRPC on HTTP/2: which streams are calls, and what their header lists tell the call.
import type { RecordSink } from '../../protocol.ts';
import { Direction } from '../../record.ts';
import { type FoundHeaders, GrpcCall } from '../grpc/grpc.ts';
import { isGrpc } from '../grpc/rules.ts';
import { callHeaders, type HeaderList } from './lists.ts';
import type { Side } from './side.ts';
import type { Http2Stream } from './streams.ts';

/** The call that a stream is, or becomes with this list; undefined if it is none. */
export function callOf(sink: RecordSink, stream: Http2Stream, list: HeaderList, at: number): GrpcCall | undefined {
  if (stream.call) return stream.call;
  const { kind } = list;
  const { contentType, mayBeCall } = callHeaders(list);
  const mayBegin = kind === 'request' || (kind === 'response' && stream.late);
  // Of a connection joined late, most of a request refers to headers that nobody saw.
  if (!mayBegin || !(isGrpc(contentType) || mayBeCall)) return undefined;
  stream.call = new GrpcCall(sink, stream.id);
  // The request was not seen, nor where its messages begin.
  if (kind === 'response') stream.call.lose(Direction.clientToServer, at);
  return stream.call;
}

/** Tells a call about its request, whose last frame is not recorded yet. */
export function beginCall(side: Side, call: GrpcCall, list: HeaderList, at: number): void {
  call.request(foundIn(side, list, at));
}

/** Tells a call about a list that has come, whose last frame was recorded as `seq`. */
export function tellCall(side: Side, call: GrpcCall, list: HeaderList, seq: number, at: number): void {
  const { endsStream } = side.block;
  if (side.direction === Direction.serverToClient) call.answer(foundIn(side, list, at), endsStream, seq);
  else if (endsStream) call.cut(side.direction, at);
}

function foundIn(side: Side, list: HeaderList, at: number): FoundHeaders {
  const { start } = side.block;
  return { headers: callHeaders(list), start, length: side.offset - start, derived: list.derived, at };
}
