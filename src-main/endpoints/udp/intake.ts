// Hands received datagrams to the recorder. Reading UDP cannot be paused, so when the disk does not keep up for long,
// datagrams are left out, and an event says how many: the only place where anything is.
import type { Direction } from '../../core/record.ts';
import type { ConnectionRecorder, Recorder } from '../../core/recorder.ts';

/** What may still be recorded while the recorder is congested. */
export const CONGESTED_LIMIT_BYTES = 64 * 1024 * 1024;
/** What a datagram costs beside its bytes. */
const DATAGRAM_BYTES = 128;

export class Intake {
  readonly #recorder: Recorder;
  readonly #direction: Direction;
  #congested = false;
  #sinceCongestedBytes = 0;
  #leftOut = 0;

  /** `direction`: of what we receive. */
  constructor(recorder: Recorder, direction: Direction) {
    this.#recorder = recorder;
    this.#direction = direction;
  }

  /** False if the datagram had to be left out. */
  record(connection: ConnectionRecorder, bytes: Uint8Array): boolean {
    const recorder = this.#recorder;
    if (recorder.congested && !this.#fits(bytes)) return false;
    connection.chunk(this.#direction, bytes, recorder.now());
    return true;
  }

  #fits(bytes: Uint8Array): boolean {
    if (!this.#congested) {
      this.#congested = true;
      void this.#recorder.drained().then(() => this.#drained());
    }
    this.#sinceCongestedBytes += bytes.length + DATAGRAM_BYTES;
    if (this.#sinceCongestedBytes <= CONGESTED_LIMIT_BYTES) return true;
    this.#leftOut++;
    return false;
  }

  #drained(): void {
    const leftOut = this.#leftOut;
    this.#congested = false;
    this.#sinceCongestedBytes = 0;
    this.#leftOut = 0;
    if (leftOut === 0) return;
    const text = `${leftOut} ${leftOut === 1 ? 'datagram was' : 'datagrams were'} not recorded: they came faster than the disk takes them`;
    this.#recorder.event(
      { type: 'limit', severity: 'warning', text, fields: { datagrams: leftOut } },
      this.#recorder.now(),
    );
  }
}
