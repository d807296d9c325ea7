// One connected TCP stream, of either side, with or without TLS: the tap, sending with back-pressure, half-close, and
// how it ended. It writes what happens on its connection; who comes and goes is the client's and the server's business.
import type { Socket } from 'node:net';
import type { LifecycleEvent, Problem } from '../../core/event.ts';
import { Direction } from '../../core/record.ts';
import type { ConnectionRecorder, Recorder } from '../../core/recorder.ts';
import { errorCode } from '../../core/system-error.ts';
import { type ConnectionState, EndpointError } from '../endpoint.ts';
import { failedEvent } from '../failed-event.ts';
import { endpointError, problemOf } from '../problems.ts';
import type { ReusedReads } from '../reused-reads.ts';

/** How long a polite end may take before it is forced. */
const FAREWELL_MS = 1000;

export interface StreamOptions {
  /** Connected, and not read from yet. */
  socket: Socket;
  recorder: Recorder;
  connection: ConnectionRecorder;
  /** Which one we are. */
  side: 'client' | 'server';
  /** The other side's `address:port`. */
  peer: string;
  /** Where the socket's bytes come from if not as `data` events. */
  reads?: ReusedReads | undefined;
  /** What was read, after it was recorded. Without `reads` the chunk is not changed any more. */
  onChunk?(chunk: Uint8Array): void;
  /** The peer has sent its FIN. Sending may still be possible, but under TLS should be brought to an end. */
  onPeerEnd(): void;
}

/** How a stream ended. */
export interface Ending {
  /** One line, as `Closed by the server`. */
  text: string;
  /** We began it. */
  local: boolean;
  problem?: Problem;
}

export class TcpStream {
  /** `label` says when only one side can still send. */
  readonly state: ConnectionState;
  /** Resolves when the socket is closed and the last event written. */
  readonly ended: Promise<Ending>;

  readonly #options: StreamOptions;
  readonly #incoming: Direction;
  readonly #outgoing: Direction;
  /** How many reasons there are not to read. */
  #holds = 0;
  #waitsForRecorder = false;
  #room: Promise<void> | undefined;
  #error: Error | undefined;
  /** The end was ordered here: after what is still to be sent, or at once. */
  #ordered: 'close' | 'cut' | undefined;
  /** The side that sent its FIN first. */
  #endedFirst: 'we' | 'peer' | undefined;

  constructor(options: StreamOptions) {
    const { socket, connection, recorder, side, peer } = options;
    this.#options = options;
    this.state = { connection: connection.connection, peer, openedAt: recorder.now(), label: '' };
    const client = side === 'client';
    this.#incoming = client ? Direction.serverToClient : Direction.clientToServer;
    this.#outgoing = client ? Direction.clientToServer : Direction.serverToClient;
    // Only now: during a TLS handshake it would hide that the peer is gone.
    socket.allowHalfOpen = true;
    socket.on('error', (error) => {
      this.#error ??= error;
    });
    socket.on('end', () => this.#onPeerEnd());
    socket.on('finish', () => this.#onFinish());
    this.ended = new Promise((resolve) => {
      socket.once('close', () => resolve(this.#onClose()));
    });
    this.#tap();
    socket.resume();
  }

  /** Bytes can be sent. */
  get writable(): boolean {
    return this.#options.socket.writable && this.#ordered === undefined;
  }

  get closed(): boolean {
    return this.state.closedAt !== undefined;
  }

  /** Under TLS. There most peers take the end of one side for the end of both (RFC 5246 §7.2.1). */
  get secured(): boolean {
    return 'encrypted' in this.#options.socket;
  }

  /**
   * Sends bytes; never throws. Returns undefined if there is room for more, else a promise of the room, which rejects
   * with an EndpointError if the connection ends before.
   */
  write(bytes: Uint8Array): Promise<void> | undefined {
    if (!this.writable) return Promise.reject(this.#notWritable());
    const { socket, recorder } = this.#options;
    this.#record(bytes);
    if (socket.write(bytes) && !recorder.congested) return undefined;
    this.#room ??= this.#waitForRoom();
    return this.#room;
  }

  /** Sends bytes. Resolves when the system has taken them; rejects with an EndpointError. */
  async send(bytes: Uint8Array): Promise<void> {
    if (!this.writable) throw this.#notWritable();
    const { socket, recorder, peer } = this.#options;
    this.#record(bytes);
    await new Promise<void>((resolve, reject) => {
      socket.write(bytes, (error) =>
        error ? reject(endpointError(error, { step: 'send', address: peer })) : resolve(),
      );
    });
    if (recorder.congested) await recorder.drained();
  }

  /** Sends FIN after what is still to be sent, and goes on reading. Rejects with an EndpointError. */
  halfClose(): Promise<void> {
    if (!this.writable) return Promise.reject(this.#notWritable());
    const { socket, peer } = this.#options;
    return new Promise((resolve, reject) => {
      const fail = () => reject(endpointError(this.#error, { step: 'close', address: peer }));
      socket.once('close', fail);
      socket.end(() => {
        socket.off('close', fail);
        resolve();
      });
    });
  }

  /** Ends politely: what is still to be sent goes first; cuts if the peer does not end too within FAREWELL_MS. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.#ordered ??= 'close';
    const { socket } = this.#options;
    socket.end();
    const timer = setTimeout(() => socket.destroy(), FAREWELL_MS);
    await this.ended;
    clearTimeout(timer);
  }

  /** Cuts without a farewell: RST, or under TLS the end of TCP without the end of TLS. */
  cut(): void {
    this.#ordered = 'cut';
    const { socket } = this.#options;
    if (this.secured) socket.destroy();
    else socket.resetAndDestroy();
  }

  /** Nothing is read until resume() was called as often. */
  pause(): void {
    this.#holds++;
    if (this.#holds === 1) this.#options.socket.pause();
  }

  resume(): void {
    this.#holds--;
    if (this.#holds === 0) this.#options.socket.resume();
  }

  #tap(): void {
    const { socket, recorder, connection, reads, onChunk } = this.#options;
    const direction = this.#incoming;
    const take = (chunk: Uint8Array) => {
      connection.chunk(direction, chunk, recorder.now());
      if (recorder.congested) this.#pauseForRecorder();
      onChunk?.(chunk);
    };
    if (reads) reads.listen(take);
    else socket.on('data', take);
  }

  #record(bytes: Uint8Array): void {
    const { recorder, connection } = this.#options;
    if (bytes.length > 0) connection.chunk(this.#outgoing, bytes, recorder.now());
  }

  #pauseForRecorder(): void {
    if (this.#waitsForRecorder) return;
    this.#waitsForRecorder = true;
    this.pause();
    void this.#options.recorder.drained().then(() => {
      this.#waitsForRecorder = false;
      this.resume();
    });
  }

  async #waitForRoom(): Promise<void> {
    const { socket, recorder, peer } = this.#options;
    try {
      if (socket.writableNeedDrain) {
        await new Promise<void>((resolve, reject) => {
          const settle = () => {
            socket.off('drain', drained).off('close', gone);
          };
          const drained = () => {
            settle();
            resolve();
          };
          const gone = () => {
            settle();
            reject(endpointError(this.#error ?? new Error('closed'), { step: 'send', address: peer }));
          };
          socket.on('drain', drained).on('close', gone);
        });
      }
      if (recorder.congested) await recorder.drained();
    } finally {
      this.#room = undefined;
    }
  }

  #onPeerEnd(): void {
    const { recorder, connection, side, socket, onPeerEnd } = this.#options;
    this.#endedFirst ??= 'peer';
    const stillOpen = socket.writable && !this.secured;
    connection.event(
      {
        type: 'ended',
        severity: 'info',
        text: `The ${side === 'client' ? 'server' : 'client'} has finished sending (FIN)${stillOpen ? '; sending to it is still possible' : ''}`,
      },
      recorder.now(),
    );
    connection.end(this.#incoming, recorder.now());
    this.state.label = stillOpen ? 'finished sending' : '';
    onPeerEnd();
  }

  #onFinish(): void {
    const { recorder, connection, side } = this.#options;
    this.#endedFirst ??= 'we';
    if (this.#ordered === undefined && this.#endedFirst === 'we') {
      const text = `Finished sending (FIN); still reading from the ${side === 'client' ? 'server' : 'client'}`;
      connection.event({ type: 'ended', severity: 'info', text }, recorder.now());
      this.state.label = 'we finished sending';
    }
    connection.end(this.#outgoing, recorder.now());
  }

  #onClose(): Ending {
    const { recorder, connection } = this.#options;
    const ending = this.#describe();
    const event: LifecycleEvent = ending.problem
      ? failedEvent(ending.problem)
      : { type: 'closed', severity: 'info', text: ending.text };
    connection.event(event, recorder.now());
    const reset = this.#ordered === 'cut' || errorCode(this.#error) === 'ECONNRESET';
    connection.close(recorder.now(), reset);
    this.state.closedAt = recorder.now();
    this.state.label = '';
    return ending;
  }

  #describe(): Ending {
    const { peer, side } = this.#options;
    if (this.#ordered === 'cut') return { text: 'Cut from here', local: true };
    if (this.#error && this.#ordered === undefined) {
      const problem = problemOf(this.#error, { step: 'receive', address: peer });
      return { text: problem.what, local: false, problem };
    }
    if (this.#ordered) return { text: 'Closed from here', local: true };
    if (this.#endedFirst === 'we') return { text: 'Closed: both sides have finished sending', local: true };
    return { text: `Closed by the ${side === 'client' ? 'server' : 'client'}`, local: false };
  }

  #notWritable(): EndpointError {
    const { peer } = this.#options;
    if (this.closed) {
      return new EndpointError({ what: `The connection to ${peer} is closed.`, why: '', next: 'Connect again.' });
    }
    return new EndpointError({
      what: `Nothing more can be sent to ${peer}.`,
      why: 'This side has finished sending (FIN).',
      next: 'Connect again to send.',
    });
  }
}
