// Sees every byte of a stream socket before anybody else may change it (`ws` unmasks in place) and hands it to the
// recorder; stops reading while the recorder is congested. Bytes written count as sent when they are handed to the
// socket: what the system still holds when a connection is cut was recorded but may not have left.
import type { Socket } from 'node:net';
import type { Direction } from '../../core/record.ts';
import type { ConnectionRecorder, Recorder } from '../../core/recorder.ts';

/** The largest head of a frame: `ws` writes it apart from the payload, in one cork. */
const HEAD_LIMIT_BYTES = 14;
/** Payloads up to here are joined with their head: one chunk and one write; larger ones are not worth the copy. */
const JOIN_LIMIT_BYTES = 16 * 1024;

export interface TapOptions {
  socket: Socket;
  recorder: Recorder;
  connection: ConnectionRecorder;
  /** The direction of what is read. */
  incoming: Direction;
  /** The direction of what is written. */
  outgoing: Direction;
}

/** Whoever controls the flow of the socket's bytes: the socket, later the WebSocket on top of it. */
interface Flow {
  pause(): void;
  resume(): void;
}

export class Tap {
  /** Who is told to pause and to resume. */
  flow: Flow;
  /** What ended the socket, if it was an error. */
  error: NodeJS.ErrnoException | undefined;

  readonly #options: TapOptions;
  /** Bytes that were put back into the socket and will be read, but not come over the wire, a second time. */
  #replayed = 0;
  #draining = false;
  /** How many want the reading paused. */
  #holds = 0;

  /** Attach it before the socket flows; on a socket that others listen to already it goes before them. */
  constructor(options: TapOptions) {
    const { socket } = options;
    this.#options = options;
    this.flow = socket;
    this.#watchReads(socket);
    this.#watchWrites(socket);
    socket.on('error', (error) => {
      this.error = error;
    });
  }

  /** Stops the reading until as many resume() as pause() were called. */
  pause(): void {
    this.#holds++;
    if (this.#holds === 1) this.flow.pause();
  }

  resume(): void {
    this.#holds--;
    if (this.#holds === 0) this.flow.resume();
  }

  #watchReads(socket: Socket): void {
    const { connection, recorder, incoming } = this.#options;
    socket.prependListener('data', (chunk: Buffer) => this.#read(chunk));
    socket.once('end', () => connection.end(incoming, recorder.now()));
    socket.prependOnceListener('close', () => {
      // A paused socket that is cut still holds what was read and not yet delivered.
      const rest: Buffer | null = socket.readableLength > 0 ? socket.read() : null;
      if (rest) this.#read(rest);
    });
    const unshift = socket.unshift;
    socket.unshift = (chunk: Buffer, encoding?: BufferEncoding) => {
      this.#replayed += chunk.length;
      unshift.call(socket, chunk, encoding);
    };
  }

  #read(chunk: Buffer): void {
    const { connection, recorder, incoming } = this.#options;
    let fresh = chunk;
    if (this.#replayed > 0) {
      const replayed = Math.min(this.#replayed, chunk.length);
      this.#replayed -= replayed;
      fresh = chunk.subarray(replayed);
      if (fresh.length === 0) return;
    }
    connection.chunk(incoming, fresh, recorder.now());
    if (recorder.congested && !this.#draining) this.#pauseUntilDrained();
  }

  async #pauseUntilDrained(): Promise<void> {
    this.#draining = true;
    this.pause();
    await this.#options.recorder.drained();
    this.#draining = false;
    this.resume();
  }

  #watchWrites(socket: Socket): void {
    const { connection, recorder, outgoing } = this.#options;
    // The plainest of their overloads: callers use all of them, the wrappers sort the arguments out.
    const write = socket.write.bind(socket) as (bytes: Uint8Array, done?: Done) => boolean;
    const end = socket.end.bind(socket) as (done?: Done) => Socket;
    const uncork = socket.uncork.bind(socket);
    let head: Uint8Array | undefined;

    const pass = (bytes: Uint8Array, done?: Done) => {
      if (!socket.destroyed && !socket.writableEnded) connection.chunk(outgoing, bytes, recorder.now());
      return write(bytes, done);
    };
    const passHead = () => {
      if (!head) return;
      const bytes = head;
      head = undefined;
      pass(bytes);
    };
    const tapped = (bytes: Uint8Array, done?: Done): boolean => {
      if (head && bytes.length <= JOIN_LIMIT_BYTES) {
        const joined = Buffer.allocUnsafe(head.length + bytes.length);
        joined.set(head);
        joined.set(bytes, head.length);
        head = undefined;
        return pass(joined, done);
      }
      passHead();
      if (socket.writableCorked > 0 && !done && bytes.length <= HEAD_LIMIT_BYTES) {
        head = bytes;
        return true;
      }
      return pass(bytes, done);
    };

    socket.write = ((chunk: Uint8Array | string, encoding?: BufferEncoding | Done, callback?: Done) => {
      const done = typeof encoding === 'function' ? encoding : callback;
      return tapped(bytesOf(chunk, encoding), done);
    }) as Socket['write'];
    socket.end = ((chunk?: Uint8Array | string | Done, encoding?: BufferEncoding | Done, callback?: Done) => {
      const done = [chunk, encoding, callback].find((argument) => typeof argument === 'function');
      if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') tapped(bytesOf(chunk, encoding));
      passHead();
      return end(done);
    }) as Socket['end'];
    socket.uncork = () => {
      passHead();
      uncork();
    };
    socket.once('finish', () => connection.end(outgoing, recorder.now()));
  }
}

type Done = (error?: Error | null) => void;

function bytesOf(chunk: Uint8Array | string, encoding: BufferEncoding | Done | undefined): Uint8Array {
  if (typeof chunk !== 'string') return chunk;
  return Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8');
}
