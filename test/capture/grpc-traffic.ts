// gRPC dialogues put into a recorder, call by call, for tests.
import { Frame } from '../../src-main/core/dissect/http2/format.ts';
import { Direction } from '../../src-main/core/record.ts';
import type { ConnectionRecorder, Recorder } from '../../src-main/core/recorder.ts';
import {
  ANSWER,
  type Bytes,
  CALL,
  data,
  ENDS,
  frame,
  headers,
  message,
  preface,
  settings,
  settingsAck,
  uint32,
} from '../core/dissect/http2-frames.ts';

export const START_AT = 1_700_000_000_000_000;

export class GrpcTraffic {
  readonly connection: ConnectionRecorder;
  /** Of the next chunk, in microseconds; each is 10 later than the one before. */
  at = START_AT;
  #stream = -1;

  constructor({ recorder }: { recorder: Recorder }, port = 50_051) {
    this.connection = recorder.connection(
      {
        transport: 'tcp',
        client: { address: '127.0.0.1', port: 40_000 },
        server: { address: '127.0.0.1', port },
        decrypted: false,
        dissectAs: { protocol: 'http2' },
      },
      this.at,
    );
    this.client(preface, settings());
    this.server(settings(), settingsAck);
    this.client(settingsAck);
  }

  /** Begins a call and returns its stream. */
  call(path = '/chat.ChatService/SendMessage'): number {
    this.#stream += 2;
    this.client(headers(this.#stream, { ...CALL, ':path': path }));
    return this.#stream;
  }

  ask(stream: number, content: Bytes): void {
    this.client(data(stream, message(content)));
  }

  /** The first answer of a call also carries its initial metadata. */
  begin(stream: number, metadata: { [name: string]: string } = {}): void {
    this.server(headers(stream, { ...ANSWER, ...metadata }));
  }

  answer(stream: number, content: Bytes): void {
    this.server(data(stream, message(content)));
  }

  end(stream: number, status: number, trailers: { [name: string]: string } = {}): void {
    this.server(headers(stream, { 'grpc-status': String(status), ...trailers }, ENDS));
  }

  reset(stream: number): void {
    this.client(frame(Frame.rstStream, 0, stream, uint32(8)));
  }

  /** The client's WINDOW_UPDATE for a stream, or for the connection with stream 0. */
  credit(stream: number): void {
    this.client(frame(Frame.windowUpdate, 0, stream, uint32(1000)));
  }

  ping(): void {
    this.client(frame(Frame.ping, 0, 0, new Uint8Array(8)));
  }

  /** A whole unary call. */
  unary(status = 0): number {
    const stream = this.call();
    this.ask(stream, 'ask');
    this.begin(stream);
    this.answer(stream, 'answer');
    this.end(stream, status);
    return stream;
  }

  client(...parts: Uint8Array[]): void {
    this.#chunk(Direction.clientToServer, parts);
  }

  server(...parts: Uint8Array[]): void {
    this.#chunk(Direction.serverToClient, parts);
  }

  #chunk(direction: Direction, parts: readonly Uint8Array[]): void {
    this.at += 10;
    this.connection.chunk(direction, Uint8Array.from(parts.flatMap((part) => [...part])), this.at);
  }
}
