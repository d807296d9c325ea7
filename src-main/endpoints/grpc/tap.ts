// A socket as grpc-js gets it: every byte goes to the recorder before anybody else sees it, and reading and writing wait
// while the recorder is congested. node:http2 reads and writes real sockets past JavaScript, so that a listener would see
// nothing; of a Duplex it takes the bytes through here. Who comes and goes is recorded by the socket's owner.
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Direction } from '../../core/record.ts';
import type { ConnectionRecorder, Recorder } from '../../core/recorder.ts';
import { mendOldNode } from './old-node.ts';

mendOldNode();

export interface TapOptions {
  /** Connected, secured (then the bytes are its plaintext), and not read from yet. */
  socket: Socket;
  recorder: Recorder;
  connection: ConnectionRecorder;
  /** The direction of what is read. */
  incoming: Direction;
  /** The direction of what is written. */
  outgoing: Direction;
}

type Done = (error?: Error | null) => void;

export class Tap extends Duplex {
  /** What ended the socket, if it was an error. */
  error: NodeJS.ErrnoException | undefined;

  readonly #options: TapOptions;
  /** The recorder has room again only when this settles. */
  #draining: Promise<void> | undefined;

  constructor(options: TapOptions) {
    super({ allowHalfOpen: true, readableHighWaterMark: 256 * 1024, writableHighWaterMark: 256 * 1024 });
    this.#options = options;
    const { socket, connection, recorder, incoming } = options;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => {
      this.error ??= error;
    });
    socket.once('end', () => {
      connection.end(incoming, recorder.now());
      this.push(null);
    });
    socket.once('close', () => {
      // A paused socket that is cut still holds what was read and not yet delivered.
      const rest: Buffer | null = socket.readableLength > 0 ? socket.read() : null;
      if (rest) this.#take(rest);
      this.destroy(this.error);
    });
    // Whoever reads and writes is told by `close`; an error without a listener would end the process.
    this.on('error', () => {});
    socket.pause();
  }

  get socket(): Socket {
    return this.#options.socket;
  }

  // Whoever is handed a socket asks for these.
  get remoteAddress(): string | undefined {
    return this.#options.socket.remoteAddress;
  }

  get remotePort(): number | undefined {
    return this.#options.socket.remotePort;
  }

  get localAddress(): string | undefined {
    return this.#options.socket.localAddress;
  }

  get localPort(): number | undefined {
    return this.#options.socket.localPort;
  }

  override _read(): void {
    if (!this.#draining) this.#options.socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#send(chunk, done);
  }

  // The pieces of many HTTP/2 frames: one chunk of the recording, one call of the system.
  override _writev(pieces: { chunk: Buffer }[], done: Done): void {
    this.#send(Buffer.concat(pieces.map(({ chunk }) => chunk)), done);
  }

  override _final(done: Done): void {
    const { socket, connection, recorder, outgoing } = this.#options;
    if (!socket.destroyed) connection.end(outgoing, recorder.now());
    socket.end();
    done();
  }

  override _destroy(error: Error | null, done: Done): void {
    const { socket } = this.#options;
    if (socket.closed) {
      done(error);
      return;
    }
    socket.once('close', () => done(error));
    // What was written before, the farewell of HTTP/2, still goes out.
    if (error) socket.destroy();
    else socket.destroySoon();
  }

  #take(chunk: Buffer): void {
    const { socket, connection, recorder, incoming } = this.#options;
    connection.chunk(incoming, chunk, recorder.now());
    if (!this.push(chunk)) socket.pause();
    if (recorder.congested) void this.#drained();
  }

  #send(bytes: Buffer, done: Done): void {
    const { socket, connection, recorder, outgoing } = this.#options;
    if (!socket.writable) {
      done(this.error ?? new Error('The connection is closed.'));
      return;
    }
    connection.chunk(outgoing, bytes, recorder.now());
    const room = socket.write(bytes);
    if (recorder.congested) void this.#drained().then(() => (room ? done() : this.#whenWritable(done)));
    else if (room) done();
    else this.#whenWritable(done);
  }

  #whenWritable(done: Done): void {
    const { socket } = this.#options;
    if (socket.destroyed || !socket.writableNeedDrain) {
      done();
      return;
    }
    const settle = () => {
      socket.off('drain', settle).off('close', settle);
      done();
    };
    socket.on('drain', settle).on('close', settle);
  }

  /** Stops the reading until the recorder has room. */
  #drained(): Promise<void> {
    this.#options.socket.pause();
    this.#draining ??= this.#options.recorder.drained().then(() => {
      this.#draining = undefined;
      this.#options.socket.resume();
    });
    return this.#draining;
  }
}
