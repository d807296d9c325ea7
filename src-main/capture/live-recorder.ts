// The recording end of a live capture: each chunk becomes a packet in the file and, in the same call, records. A chunk is
// copied once, into the file's buffer, and lent to the dissector. When the disk refuses, one event says so and recording
// stops; the session itself goes on.
import { setImmediate } from 'node:timers/promises';
import type { LifecycleEvent, Problem } from '../core/event.ts';
import { Direction, opposite } from '../core/record.ts';
import type { ConnectionInfo, ConnectionRecorder, Recorder } from '../core/recorder.ts';
import { fileProblem } from './capture-error.ts';
import { writePacket } from './formats/pcapng-writer.ts';
import type { CaptureIndex, IndexedConnection } from './index/capture-index.ts';
import { encodeRemark, type Remark } from './packets/remark.ts';
import { MAX_PAYLOAD_BYTES, remarkPacket, SynthesizedConnection, Tcp } from './packets/synthesis.ts';
import type { AppendFile } from './storage/append-file.ts';

const NOTHING = new Uint8Array(0);
/** A chunk that took longer to explain (a bomb, say) has kept everybody waiting: they get their turn before the next one. */
const LONG_CHUNK_MS = 50;
const START_MICROSECONDS = performance.timeOrigin * 1000;

export class LiveRecorder implements Recorder {
  readonly #index: CaptureIndex;
  readonly #file: AppendFile;
  readonly #files: readonly AppendFile[];
  readonly #onGrowth: () => void;
  readonly #remarkPacket = remarkPacket();
  readonly #open = new Set<LiveConnection>();
  #recording = true;
  #lastAt = 0;
  /** Resolves when others have had their turn; undefined if they need none. */
  #othersTurn: Promise<void> | undefined;
  #problem: Problem | undefined;

  /** `file`: the capture; `sidecars`: files that grow with it and may fall behind too. */
  constructor(file: AppendFile, sidecars: readonly AppendFile[], index: CaptureIndex, onGrowth: () => void) {
    this.#file = file;
    this.#files = [file, ...sidecars];
    this.#index = index;
    this.#onGrowth = onGrowth;
  }

  /** false: the capture takes nothing more, because it was finished or the disk refused. */
  get recording(): boolean {
    return this.#recording;
  }

  /** Why the file does not hold all that is recorded, or will not be found. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  get congested(): boolean {
    return this.#othersTurn !== undefined || this.#files.some((file) => file.congested);
  }

  async drained(): Promise<void> {
    await this.#othersTurn;
    await Promise.all(this.#files.map((file) => file.drained()));
  }

  now(): number {
    return START_MICROSECONDS + performance.now() * 1000;
  }

  connection(info: ConnectionInfo, at: number): ConnectionRecorder {
    const connection = new LiveConnection(this, this.#index.open(info), info, at);
    this.#open.add(connection);
    return connection;
  }

  event(event: LifecycleEvent, at: number): void {
    if (!this.#recording) return;
    this.remark({ connection: 0, event }, at);
    this.#index.event(0, event, at);
    this.grown();
  }

  /** Appends a packet and returns the payload's offset in the file. */
  packet(header: Uint8Array, payload: Uint8Array, direction: Direction, at: number, comment?: Uint8Array): number {
    this.#lastAt = at;
    return writePacket(this.#file, header, payload, direction, at, comment);
  }

  /** Appends a remark on a packet of no connection. */
  remark(remark: Remark, at: number): void {
    this.packet(this.#remarkPacket, NOTHING, Direction.none, at, encodeRemark(remark));
  }

  grown(): void {
    this.#onGrowth();
  }

  /** A chunk was recorded that came at `startMs`, on the clock of performance.now(). */
  recorded(startMs: number): void {
    this.grown();
    if (performance.now() - startMs > LONG_CHUNK_MS) this.#othersTurn ??= this.#waitForOthers();
  }

  async #waitForOthers(): Promise<void> {
    await setImmediate();
    this.#othersTurn = undefined;
  }

  closed(connection: LiveConnection): void {
    this.#open.delete(connection);
  }

  /** Ends what is still open, as the end of the file does when it is read again. */
  finish(): void {
    if (!this.#recording) return;
    this.#recording = false;
    for (const connection of this.#open) connection.cutOff(this.#lastAt);
    this.#open.clear();
    this.grown();
  }

  /** The system refused to write: says so on the timeline and stops. What was recorded stays readable. */
  fail(error: Error): void {
    if (!this.#recording) return;
    this.#tell(fileProblem(`Recording stopped: ${this.#file.path} cannot be written.`, error));
    this.finish();
  }

  /** Others have done something to the file. What comes is still recorded into it. */
  lose(problem: Problem): void {
    if (!this.#recording) return;
    this.#tell(problem);
    this.grown();
  }

  /** On the timeline only: the file takes no more, or nobody will find it. */
  #tell(problem: Problem): void {
    this.#problem = problem;
    const text = `${problem.what} ${problem.why}`.trim();
    this.#index.event(0, { type: 'limit', severity: 'error', text, problem }, this.#lastAt);
  }
}

/** Bytes after a direction's end, or after the capture has stopped, are not recorded. */
class LiveConnection implements ConnectionRecorder {
  readonly connection: number;
  readonly #recorder: LiveRecorder;
  readonly #indexed: IndexedConnection;
  readonly #headers: SynthesizedConnection;
  readonly #tcp: boolean;

  constructor(recorder: LiveRecorder, indexed: IndexedConnection, info: ConnectionInfo, at: number) {
    this.#recorder = recorder;
    this.#indexed = indexed;
    this.#headers = new SynthesizedConnection(info, indexed.number);
    this.#tcp = info.transport === 'tcp';
    this.connection = indexed.number;
    if (recorder.recording) this.#begin(info, at);
  }

  chunk(direction: Direction, bytes: Uint8Array, at: number): void {
    if (!this.#recorder.recording || this.#indexed.hasEnded(direction)) return;
    const startMs = performance.now();
    if (bytes.length <= MAX_PAYLOAD_BYTES) {
      if (bytes.length > 0 || !this.#tcp) this.#piece(direction, bytes, at);
    } else {
      for (let from = 0; from < bytes.length; from += MAX_PAYLOAD_BYTES) {
        this.#piece(direction, bytes.subarray(from, from + MAX_PAYLOAD_BYTES), at);
      }
    }
    this.#recorder.recorded(startMs);
  }

  event(event: LifecycleEvent, at: number): void {
    if (!this.#recorder.recording) return;
    this.#remark({ connection: this.connection, event }, at);
    this.#indexed.event(event, at);
    this.#recorder.grown();
  }

  end(direction: Direction, at: number): void {
    // A UDP conversation has no half that could end.
    if (!this.#tcp || !this.#recorder.recording || this.#indexed.hasEnded(direction)) return;
    this.#control(direction, Tcp.fin | Tcp.ack, at);
    this.#indexed.end(direction, at);
    if (this.#indexed.ended) this.#recorder.closed(this);
    this.#recorder.grown();
  }

  close(at: number, reset = false): void {
    if (!this.#recorder.recording || this.#indexed.ended) return;
    if (this.#tcp && !reset) {
      this.end(Direction.clientToServer, at);
      this.end(Direction.serverToClient, at);
      return;
    }
    if (this.#tcp) this.#control(Direction.clientToServer, Tcp.rst | Tcp.ack, at);
    else this.#recorder.remark({ connection: this.connection, closed: true }, at);
    this.cutOff(at);
    this.#recorder.closed(this);
    this.#recorder.grown();
  }

  /** Ends both directions without a word in the file. */
  cutOff(at: number): void {
    this.#indexed.endBoth(at);
  }

  #begin(info: ConnectionInfo, at: number): void {
    const comment = encodeRemark({ connection: this.connection, opened: info });
    if (!this.#tcp) {
      this.#recorder.remark({ connection: this.connection, opened: info }, at);
      return;
    }
    this.#control(Direction.clientToServer, Tcp.syn, at, comment);
    this.#control(Direction.serverToClient, Tcp.syn | Tcp.ack, at);
    this.#control(Direction.clientToServer, Tcp.ack, at);
  }

  /** One packet's worth, the unit in which a dissector sees the bytes now and when the file is read again. */
  #piece(direction: Direction, bytes: Uint8Array, at: number): void {
    const header = this.#tcp
      ? this.#headers.tcp(direction, Tcp.psh | Tcp.ack, bytes.length)
      : this.#headers.udp(direction, bytes);
    const offset = this.#recorder.packet(header, bytes, direction, at);
    this.#indexed.stored(direction, bytes.length, offset);
    this.#indexed.push(direction, bytes, at);
  }

  #control(direction: Direction, flags: number, at: number, comment?: Uint8Array): void {
    this.#recorder.packet(this.#headers.tcp(direction, flags, 0), NOTHING, direction, at, comment);
  }

  #remark(remark: Remark, at: number): void {
    if (this.#tcp && !this.#indexed.ended) {
      const direction = this.#indexed.hasEnded(Direction.clientToServer)
        ? opposite(Direction.clientToServer)
        : Direction.clientToServer;
      this.#control(direction, Tcp.ack, at, encodeRemark(remark));
    } else {
      this.#recorder.remark(remark, at);
    }
  }
}
