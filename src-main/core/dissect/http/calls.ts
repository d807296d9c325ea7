// gRPC-Web on HTTP/1.1: which requests are calls, and what heads tell the call.
import type { RecordSink } from '../../protocol.ts';
import { latin1 } from '../bytes.ts';
import { type FoundHeaders, GrpcCall } from '../grpc/grpc.ts';
import { readCallHeaders } from '../grpc/rules.ts';
import { headerItem, webForm } from '../grpc/web.ts';
import { encodeList } from '../http2/kept.ts';
import { type Head, headerValue } from './head.ts';

/** Where a head was found. */
type Place = Pick<FoundHeaders, 'start' | 'length' | 'at'>;

/** The call that a request begins, which is not recorded yet; undefined for a request of another kind. */
export function beginCall(sink: RecordSink, head: Head, place: Place): GrpcCall | undefined {
  if (!webForm(headerValue(head, 'content-type'))) return undefined;
  const call = new GrpcCall(sink, 0);
  call.request(headersOf(sink, head, place));
  return call;
}

/** Tells a call about the head of its answer, which was recorded as `seq`; `ends`: no body follows. */
export function answerCall(
  sink: RecordSink,
  call: GrpcCall,
  head: Head,
  ends: boolean,
  place: Place,
  seq: number,
): void {
  call.answer(headersOf(sink, head, place), ends, seq);
}

/** A head as a header list of HTTP/2. */
function headersOf(sink: RecordSink, { startLine, headers }: Head, place: Place): FoundHeaders {
  const first =
    startLine.kind === 'request'
      ? [headerItem(':method', startLine.method.text), headerItem(':path', asBytes(startLine.target.text))]
      : [headerItem(':status', startLine.status.text)];
  const items = [
    ...first,
    ...headers.map(({ name, value }) => headerItem(name.text.toLowerCase(), asBytes(value.text))),
  ];
  return { headers: readCallHeaders(items), derived: sink.derive(encodeList(items)), ...place };
}

/** Text with one character for each of its bytes, as header lists have it. */
function asBytes(text: string): string {
  return /^[ -~]*$/.test(text) ? text : latin1(new TextEncoder().encode(text));
}
