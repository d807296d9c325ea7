// A capture file that is read. Rows can be looked at while the rest is still being read.
import type { Capture } from '../../capture/capture.ts';
import type { DissectAs } from '../../core/protocol.ts';
import type { ConnectionState } from '../../endpoints/endpoint.ts';
import type { EngineParts } from '../parts.ts';
import { problemOf } from '../problem.ts';
import { NO_TRUST, type Source, type SourceStatus } from './source.ts';

export interface FileOptions {
  parts: EngineParts;
  /** Absolute path of the file. */
  path: string;
  /** Absolute path of a TLS key log, if one is attached. */
  keylog?: string;
  /** Server port → what its bytes are taken for. */
  decodeAs: ReadonlyMap<number, DissectAs>;
  /** See OpenOptions. */
  recordedHere: boolean;
  /** Status changed. */
  changed(): void;
}

export class FileSource implements Source {
  readonly capture: Capture;
  readonly openConnections = 0;
  readonly #changed: () => void;
  #status: SourceStatus = { phase: 'loading', text: '', trust: NO_TRUST, progress: 0 };

  /** Resolves when the file turned out to be a capture; reading goes on. Rejects if it is none. */
  static async open({ parts, path, keylog, decodeAs, recordedHere, changed }: FileOptions): Promise<FileSource> {
    let source: FileSource | undefined;
    const onProgress = (fraction: number) => {
      if (source) source.#progress(fraction);
    };
    const capture = await parts.openCapture(path, {
      decodeAs,
      recordedHere,
      onProgress,
      ...(keylog !== undefined && { keylog }),
    });
    source = new FileSource(capture, changed);
    void source.#load(capture.loaded);
    return source;
  }

  private constructor(capture: Capture, changed: () => void) {
    this.capture = capture;
    this.#changed = changed;
  }

  get status(): SourceStatus {
    return this.#status;
  }

  /** Connections of a file have ended, and nobody can pick one to send to. */
  get connections(): readonly ConnectionState[] {
    const found: ConnectionState[] = [];
    for (let connection = 1; ; connection += 1) {
      const ends = this.capture.connection(connection);
      if (!ends) return found;
      found.push({ connection, peer: `${ends.client} → ${ends.server}`, label: '', openedAt: 0, closedAt: 0 });
    }
  }

  async stop(): Promise<void> {}

  dispose(): Promise<void> {
    return this.capture.dispose();
  }

  #progress(progress: number): void {
    if (this.#status.phase !== 'loading') return;
    this.#status = { ...this.#status, progress };
    this.#changed();
  }

  async #load(loaded: Promise<void>): Promise<void> {
    try {
      await loaded;
      this.#status = { phase: 'closed', text: 'Capture file', trust: NO_TRUST };
    } catch (error) {
      const problem = problemOf(error);
      this.#status = { phase: 'failed', text: problem.what, trust: NO_TRUST, problem };
    }
    this.#changed();
  }
}
