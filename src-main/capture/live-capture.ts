// A capture that is being recorded: its file grows, and sidecars beside it are its index.
import type { Problem } from '../core/event.ts';
import type { Capture } from './capture.ts';
import { CaptureError, fileProblem } from './capture-error.ts';
import { writeFileHeader } from './formats/pcapng-writer.ts';
import { CaptureIndex } from './index/capture-index.ts';
import { beginSidecar, closeSidecar, sidecarPaths } from './index/sidecar.ts';
import { INDEX_FILE, IndexedCapture } from './indexed-capture.ts';
import { LiveRecorder } from './live-recorder.ts';
import { AppendFile } from './storage/append-file.ts';
import { FileGuard, lookAtRecording } from './storage/file-guard.ts';

const APPLICATION = 'Wirescope';
/** Of a file's header: enough to see that somebody else has written it. */
const FIRST_BYTES = 12;

/** A new, growing capture file (one of that name is overwritten) with its sidecar index. Throws a CaptureError. */
export function createCapture(path: string): Capture {
  try {
    return new LiveCapture(path);
  } catch (error) {
    throw new CaptureError(fileProblem(`The capture file ${path} cannot be created.`, error), { cause: error });
  }
}

class LiveCapture extends IndexedCapture {
  readonly recorder: LiveRecorder;
  readonly #file: AppendFile;
  readonly #indexFile: AppendFile;
  readonly #derivedFile: AppendFile;
  readonly #index: CaptureIndex;
  readonly #guard: FileGuard;
  #finished: Promise<void> | undefined;

  /** Throws what the system throws. */
  constructor(path: string) {
    const onFailure = (error: Error): void => this.recorder.fail(error);
    const sidecars = sidecarPaths(path);
    const file = new AppendFile(path, { onFailure });
    const indexFile = new AppendFile(sidecars.index, { ...INDEX_FILE, onFailure });
    const derivedFile = new AppendFile(sidecars.derived, { ...INDEX_FILE, onFailure });
    const index = new CaptureIndex(file, indexFile, derivedFile);
    super(file, index);
    this.#file = file;
    this.#indexFile = indexFile;
    this.#derivedFile = derivedFile;
    this.#index = index;
    this.recorder = new LiveRecorder(file, [indexFile, derivedFile], index, () => this.grown());
    writeFileHeader(file, APPLICATION);
    beginSidecar(indexFile);
    const { identity } = file;
    const firstBytes = new Uint8Array(FIRST_BYTES);
    file.read(0, firstBytes);
    const look = async (): Promise<Problem | undefined> => {
      await file.flush();
      return await lookAtRecording(path, identity, firstBytes);
    };
    this.#guard = new FileGuard(look, (found) => this.recorder.lose(found));
  }

  get problem(): Problem | undefined {
    return this.recorder.problem;
  }

  flush(): Promise<void> {
    return this.#file.flush();
  }

  finish(): Promise<void> {
    this.#finished ??= this.#finish();
    return this.#finished;
  }

  override async dispose(): Promise<void> {
    await this.finish();
    await super.dispose();
  }

  async #finish(): Promise<void> {
    this.#guard.stop();
    this.recorder.finish();
    await this.#file.flush();
    if (!this.#file.failed) await closeSidecar(this.#index, this.#indexFile, this.#derivedFile, this.path);
  }
}
