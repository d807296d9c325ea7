// One HTTP/2 connection of a client, from the connected socket to its end: recorded, told apart from what is no HTTP/2,
// ended politely or by force. grpc-js speaks over it; who connects again is the client's business.
import type { LifecycleEvent, Problem } from '../../core/event.ts';
import { Direction } from '../../core/record.ts';
import type { ConnectionRecorder } from '../../core/recorder.ts';
import { type ConnectedStream, recordConnection } from '../connect.ts';
import type { ConnectionState, EndpointError, EndpointHost, Trust } from '../endpoint.ts';
import { failedEvent } from '../failed-event.ts';
import { problemOf } from '../problems.ts';
import { FIRST_BYTES, noHttp2 } from './http2-problems.ts';
import { Tap } from './tap.ts';

/** How long a polite end may take before it is forced. */
const FAREWELL_MS = 1000;

/** How a connection ended. */
export interface ConnectionEnding {
  /** One line, as `Closed by the server`. */
  text: string;
  /** We ordered it. */
  local: boolean;
  problem?: Problem;
}

export class GrpcConnection {
  readonly state: ConnectionState;
  readonly trust: Trust;
  readonly tap: Tap;
  /** Resolves when the socket is closed and the last event written. */
  readonly ended: Promise<ConnectionEnding>;

  readonly #recorded: ConnectionRecorder;
  readonly #address: string;
  readonly #host: EndpointHost;
  #first = Buffer.alloc(0);
  #peerEnded = false;
  #open = false;
  #ordered: 'close' | 'cut' | undefined;

  /** `address`: whom the target means, for a person. Records the connection; nothing is read before grpc-js does. */
  constructor(connected: ConnectedStream, address: string, host: EndpointHost) {
    const { socket } = connected;
    this.#address = address;
    this.#host = host;
    this.trust = connected.trust;
    this.#recorded = recordConnection(host, connected, { protocol: 'http2' });
    this.state = { connection: this.#recorded.connection, peer: address, openedAt: connected.openedAt, label: '' };
    this.tap = new Tap({
      socket,
      recorder: host.recorder,
      connection: this.#recorded,
      incoming: Direction.serverToClient,
      outgoing: Direction.clientToServer,
    });
    socket.once('data', (chunk: Buffer) => {
      this.#first = Buffer.from(chunk.subarray(0, FIRST_BYTES));
    });
    socket.once('end', () => {
      this.#peerEnded = true;
    });
    socket.pause();
    this.ended = new Promise((resolve) => {
      this.tap.once('close', () => resolve(this.#onClose()));
    });
  }

  /** How it ended or is ending, in words; undefined while it goes on. */
  get loss(): string | undefined {
    const over = this.tap.error !== undefined || this.#peerEnded || this.#ordered || this.state.closedAt !== undefined;
    return over ? this.#describe().text : undefined;
  }

  /** Records what happened on it; of the session as a whole when it is over. */
  note(event: LifecycleEvent): void {
    const { recorder } = this.#host;
    (this.state.closedAt === undefined ? this.#recorded : recorder).event(event, recorder.now());
  }

  /** HTTP/2 stands: what ends the connection from now on is an event of it. */
  opened(): void {
    this.#open = true;
  }

  /** The end, which whoever uses the connection has begun; cuts it if the server does not end it too. */
  async farewell(): Promise<void> {
    if (this.state.closedAt !== undefined) return;
    this.#ordered ??= 'close';
    const timer = setTimeout(() => this.tap.socket.destroy(), FAREWELL_MS);
    await this.ended;
    clearTimeout(timer);
  }

  /** Ends at once: RST, or under TLS the end of TCP without the end of TLS. */
  cut(): void {
    this.#ordered = 'cut';
    const { socket } = this.tap;
    if ('encrypted' in socket) socket.destroy();
    else socket.resetAndDestroy();
  }

  /** Why no HTTP/2 came about. */
  refusal(): EndpointError {
    const { socket, error } = this.tap;
    return noHttp2({ address: this.#address, secured: 'encrypted' in socket, first: this.#first, error });
  }

  #onClose(): ConnectionEnding {
    const { recorder } = this.#host;
    const ending = this.#describe();
    if (this.#open) {
      const { problem, text } = ending;
      this.#recorded.event(problem ? failedEvent(problem) : { type: 'closed', severity: 'info', text }, recorder.now());
    }
    this.#recorded.close(recorder.now(), this.#ordered === 'cut' || this.tap.error?.code === 'ECONNRESET');
    this.state.closedAt = recorder.now();
    return ending;
  }

  #describe(): ConnectionEnding {
    if (this.#ordered === 'cut') return { text: 'Cut from here', local: true };
    if (this.#ordered === 'close') return { text: 'Closed from here', local: true };
    if (this.tap.error) {
      const problem = problemOf(this.tap.error, { step: 'receive', address: this.#address });
      return { text: problem.what, local: false, problem };
    }
    if (this.#peerEnded) return { text: 'Closed by the server', local: false };
    const problem: Problem = {
      what: `The connection to ${this.#address} was given up.`,
      why: 'The server broke the rules of HTTP/2, or did not answer a keepalive ping in time.',
      next: 'The last frames are on the timeline.',
    };
    return { text: problem.what, local: false, problem };
  }
}
