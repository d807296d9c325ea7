// Sees every byte of a stream socket before anybody else may change it (`ws` unmasks in place) and hands it to the
// recorder; stops reading while the recorder is congested. Bytes written count as sent when they are handed to the
// socket: what the system still holds when a connection is cut was recorded but may not have left.
import type { Socket } from 'node:net';
import type { Direction } from '../../core/record.ts';
import type { ConnectionRecorder, Recorder } from '../../core/recorder.ts';

/** What is written together at most; what is larger by itself is not copied. */
const BATCH_LIMIT_BYTES = 64 * 1024;

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
    const batch = new WriteBatch((bytes, done) => {
      if (bytes.length > 0 && !socket.destroyed && !socket.writableEnded) {
        connection.chunk(outgoing, bytes, recorder.now());
      }
      write(bytes, done);
    });

    socket.write = ((chunk: Uint8Array | string, encoding?: BufferEncoding | Done, callback?: Done) => {
      batch.add(bytesOf(chunk, encoding), typeof encoding === 'function' ? encoding : callback);
      return !socket.writableNeedDrain;
    }) as Socket['write'];
    socket.end = ((chunk?: Uint8Array | string | Done, encoding?: BufferEncoding | Done, callback?: Done) => {
      const done = [chunk, encoding, callback].find((argument) => typeof argument === 'function');
      if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') batch.add(bytesOf(chunk, encoding));
      batch.flush();
      return end(done);
    }) as Socket['end'];
    socket.once('finish', () => connection.end(outgoing, recorder.now()));
  }
}

type Done = (error?: Error | null) => void;

/**
 * Small writes of one turn of the event loop, made into one: head and payload of a frame are one chunk, and many small
 * messages cost one call of the system.
 */
class WriteBatch {
  readonly #write: (bytes: Uint8Array, done?: Done) => void;
  #pieces: Uint8Array[] = [];
  #length = 0;
  #done: Done[] = [];

  constructor(write: (bytes: Uint8Array, done?: Done) => void) {
    this.#write = write;
  }

  add(bytes: Uint8Array, done?: Done): void {
    if (this.#length + bytes.length > BATCH_LIMIT_BYTES) this.flush();
    if (bytes.length > BATCH_LIMIT_BYTES) {
      this.#write(bytes, done);
      return;
    }
    if (this.#pieces.length === 0) process.nextTick(this.flush);
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    if (done) this.#done.push(done);
  }

  readonly flush = (): void => {
    const [first] = this.#pieces;
    if (!first) return;
    const bytes = this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces, this.#length);
    const callbacks = this.#done;
    this.#pieces = [];
    this.#length = 0;
    this.#done = [];
    if (callbacks.length === 0) this.#write(bytes);
    else
      this.#write(bytes, (error) => {
        for (const done of callbacks) done(error);
      });
  };
}

function bytesOf(chunk: Uint8Array | string, encoding: BufferEncoding | Done | undefined): Uint8Array {
  if (typeof chunk !== 'string') return chunk;
  return Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8');
}
