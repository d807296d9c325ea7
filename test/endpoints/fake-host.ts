// A host and a recorder that remember everything, for tests of endpoints: chunks are copied when they are handed over,
// as the capture does, so that a later change of the buffer shows up as a difference.
import { resolve } from 'node:path';
import type { EventType, LifecycleEvent } from '../../src-main/core/event.ts';
import { Direction } from '../../src-main/core/record.ts';
import type { ConnectionInfo, ConnectionRecorder, Recorder } from '../../src-main/core/recorder.ts';
import type { Content } from '../../src-main/core/session-config.ts';
import type { EndpointHost, EndpointState, OutgoingMessage } from '../../src-main/endpoints/endpoint.ts';

export interface RecordedChunk {
  direction: Direction;
  bytes: Uint8Array;
  at: number;
}

/** All that one connection handed over. */
class FakeConnection implements ConnectionRecorder {
  readonly connection: number;
  readonly info: ConnectionInfo;
  readonly openedAt: number;
  readonly chunks: RecordedChunk[] = [];
  readonly events: LifecycleEvent[] = [];
  readonly ended: Direction[] = [];
  closed = false;
  reset = false;
  readonly #changed: () => void;

  constructor(connection: number, info: ConnectionInfo, openedAt: number, changed: () => void) {
    this.connection = connection;
    this.info = info;
    this.openedAt = openedAt;
    this.#changed = changed;
  }

  chunk(direction: Direction, bytes: Uint8Array, at: number): void {
    if (this.closed) throw new Error('chunk after close');
    this.chunks.push({ direction, bytes: Uint8Array.from(bytes), at });
    this.#changed();
  }

  event(event: LifecycleEvent): void {
    this.events.push(event);
    this.#changed();
  }

  end(direction: Direction): void {
    if (this.ended.includes(direction)) throw new Error('the same direction ended twice');
    this.ended.push(direction);
    this.#changed();
  }

  close(_at: number, reset = false): void {
    if (this.closed) throw new Error('closed twice');
    this.closed = true;
    this.reset = reset;
    this.#changed();
  }

  /** How many bytes a direction has carried. */
  size(direction: Direction): number {
    return this.chunks.reduce((sum, chunk) => (chunk.direction === direction ? sum + chunk.bytes.length : sum), 0);
  }

  /** All bytes of a direction, in order. */
  bytes(direction: Direction): Buffer {
    return Buffer.concat(this.chunks.filter((chunk) => chunk.direction === direction).map((chunk) => chunk.bytes));
  }
}

class FakeRecorder implements Recorder {
  readonly connections: FakeConnection[] = [];
  /** Events of the session as a whole. */
  readonly events: LifecycleEvent[] = [];
  readonly #changed: () => void;
  #drained: { promise: Promise<void>; resolve: () => void } | undefined;

  constructor(changed: () => void = () => {}) {
    this.#changed = changed;
  }

  connection(info: ConnectionInfo, at: number): FakeConnection {
    const connection = new FakeConnection(this.connections.length + 1, info, at, this.#changed);
    this.connections.push(connection);
    this.#changed();
    return connection;
  }

  event(event: LifecycleEvent): void {
    this.events.push(event);
    this.#changed();
  }

  get congested(): boolean {
    return this.#drained !== undefined;
  }

  drained(): Promise<void> {
    return this.#drained?.promise ?? Promise.resolve();
  }

  now(): number {
    return (performance.timeOrigin + performance.now()) * 1000;
  }

  /** The disk stops taking bytes; call the returned function to let it go on. */
  congest(): () => void {
    let resolve = () => {};
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    this.#drained = { promise, resolve };
    return () => {
      this.#drained = undefined;
      resolve();
    };
  }
}

export class FakeHost implements EndpointHost {
  readonly recorder: FakeRecorder;
  readonly states: EndpointState[] = [];
  connectionChanges = 0;
  readonly #folder: string;
  readonly #watchers = new Set<() => void>();

  constructor(folder = '.') {
    this.#folder = folder;
    this.recorder = new FakeRecorder(() => this.#notify());
  }

  stateChanged(state: EndpointState): void {
    this.states.push(state);
    this.#notify();
  }

  connectionsChanged(): void {
    this.connectionChanges++;
    this.#notify();
  }

  /** `file:` contents are the file's name here: endpoints only hand them on. */
  content(content: Content): Promise<OutgoingMessage> {
    if ('text' in content) return Promise.resolve({ bytes: Buffer.from(content.text), text: true });
    if ('json' in content) return Promise.resolve({ bytes: Buffer.from(JSON.stringify(content.json)), text: true });
    if ('hex' in content) return Promise.resolve({ bytes: Buffer.from(content.hex, 'hex'), text: false });
    if ('base64' in content) return Promise.resolve({ bytes: Buffer.from(content.base64, 'base64'), text: false });
    return Promise.resolve({ bytes: Buffer.from(content.file), text: false });
  }

  path(relative: string): string {
    return resolve(this.#folder, relative);
  }

  get state(): EndpointState {
    return this.states.at(-1) ?? { phase: 'idle' };
  }

  get phases(): EndpointState['phase'][] {
    return this.states.map((state) => state.phase);
  }

  /** Session events first, then those of each connection. */
  get eventTypes(): EventType[] {
    return [...this.recorder.events, ...this.recorder.connections.flatMap((connection) => connection.events)].map(
      (event) => event.type,
    );
  }

  /** The connection with this number, from 1. */
  connection(number: number): FakeConnection {
    const connection = this.recorder.connections[number - 1];
    if (!connection) throw new Error(`there is no connection ${number}`);
    return connection;
  }

  /** Resolves as soon as the condition holds; looked at after every change. Rejects after `timeoutMs`. */
  until(condition: (host: FakeHost) => boolean, timeoutMs = 10_000): Promise<void> {
    if (condition(this)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        reject(new Error(`waited in vain; phases ${this.phases.join(' ')}; events ${this.eventTypes.join(' ')}`));
      }, timeoutMs);
      const look = () => {
        if (!condition(this)) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
    });
  }

  /** Resolves when a direction of a connection has carried at least so many bytes. */
  untilBytes(number: number, direction: Direction, count: number): Promise<void> {
    return this.until(({ recorder }) => (recorder.connections[number - 1]?.size(direction) ?? 0) >= count);
  }

  #notify(): void {
    for (const look of this.#watchers) look();
  }
}

export const { clientToServer, serverToClient } = Direction;
