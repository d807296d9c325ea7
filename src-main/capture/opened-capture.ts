// A capture file of anybody, opened to be read. Nothing is put next to it: its index is in a temporary folder, unless the
// file was recorded here and has one.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../core/event.ts';
import type { DissectAs } from '../core/protocol.ts';
import type { Capture } from './capture.ts';
import { CaptureError, fileProblem } from './capture-error.ts';
import { loadFile, recognise } from './file-loader.ts';
import { CaptureIndex } from './index/capture-index.ts';
import { makeIndexFolder } from './index/index-folder.ts';
import { openSidecar } from './index/sidecar.ts';
import { INDEX_FILE, IndexedCapture } from './indexed-capture.ts';
import { AppendFile } from './storage/append-file.ts';
import { StaticFile } from './storage/byte-store.ts';
import { FileGuard, lookAtFile } from './storage/file-guard.ts';
import { KeyLog, readKeyLog } from './tls/key-log.ts';

export interface OpenOptions {
  /** Server port → what its bytes are taken for. */
  decodeAs?: ReadonlyMap<number, DissectAs>;
  /** Path of a TLS key log (SSLKEYLOGFILE) that decrypts what is TLS, besides secrets in the file itself. */
  keylog?: string;
  /** 0 … 1, while the file is read. */
  onProgress?: (fraction: number) => void;
  /**
   * The file was recorded here and nobody else could put anything beside it: then the index that lies there is believed.
   * An index that came along with a stranger's capture could hide records and show others.
   */
  recordedHere?: boolean;
  /** Folder for the index of a file that was not recorded here; it is emptied again. The system's temporary one if absent. */
  cacheFolder?: string;
}

/**
 * An existing capture file of anybody. Resolves when the header was read; `loaded` when all was, and it never rejects.
 * Rejects with a CaptureError for what is no capture file, or a key log that cannot be read.
 */
export async function openCapture(
  path: string,
  options: OpenOptions = {},
): Promise<Capture & { readonly loaded: Promise<void> }> {
  const { decodeAs = new Map<number, DissectAs>(), keylog, onProgress = () => {}, recordedHere = false } = options;
  const file = openFile(path);
  try {
    const firstBytes = new Uint8Array(4);
    const reader = recognise(path, firstBytes.subarray(0, file.read(0, firstBytes)), file.sizeBytes);
    // An index was made without these settings.
    const isPlain = decodeAs.size === 0 && keylog === undefined;
    const known = recordedHere && isPlain ? await openSidecar(file) : undefined;
    if (known) {
      onProgress(1);
      return new OpenedCapture(file, known, noWork, noWork);
    }
    const keyLog = new KeyLog();
    if (keylog !== undefined) await readKeyLog(keylog, keyLog);
    const folder = await makeIndexFolder(options.cacheFolder);
    let failure: Error | undefined;
    const onFailure = (error: Error): void => {
      failure = error;
    };
    const indexFile = new AppendFile(join(folder, 'index'), { ...INDEX_FILE, onFailure });
    const derivedFile = new AppendFile(join(folder, 'derived'), { ...INDEX_FILE, onFailure });
    const index = new CaptureIndex(file, indexFile, derivedFile);
    index.keyLog = keyLog;
    const load = (onGrowth: () => void, isCancelled: () => boolean): Promise<void> =>
      loadFile({
        path,
        reader,
        index,
        decodeAs,
        isCancelled,
        failure: () => failure,
        catchUp: () => Promise.all([indexFile.drained(), derivedFile.drained()]),
        onProgress: (fraction) => {
          onGrowth();
          onProgress(fraction);
        },
      });
    return new OpenedCapture(file, index, load, () => rm(folder, { recursive: true, force: true }));
  } catch (error) {
    await file.close();
    if (error instanceof CaptureError) throw error;
    throw new CaptureError(fileProblem(`${path} cannot be opened.`, error), { cause: error });
  }
}

async function noWork(): Promise<void> {}

function openFile(path: string): StaticFile {
  try {
    return new StaticFile(path);
  } catch (error) {
    throw new CaptureError(fileProblem(`${path} cannot be opened.`, error), { cause: error });
  }
}

class OpenedCapture extends IndexedCapture {
  /** Resolves when all was read (or the capture disposed). */
  readonly loaded: Promise<void>;
  readonly #cleanUp: () => Promise<void>;
  readonly #guard: FileGuard;
  #problem: Problem | undefined;
  #cancelled = false;

  /** `load`: fills the index, telling when it has grown and asking whether to go on. */
  constructor(
    file: StaticFile,
    index: CaptureIndex,
    load: (onGrowth: () => void, isCancelled: () => boolean) => Promise<void>,
    cleanUp: () => Promise<void>,
  ) {
    super(file, index);
    this.#cleanUp = cleanUp;
    const { path, identity, sizeBytes, modifiedMs } = file;
    this.#guard = new FileGuard(
      () => lookAtFile(path, identity, sizeBytes, modifiedMs),
      (found) => {
        this.#problem = found;
        this.grown();
      },
    );
    this.loaded = load(
      () => this.grown(),
      () => this.#cancelled,
    );
  }

  get problem(): Problem | undefined {
    return this.#problem;
  }

  get recorder(): never {
    throw new Error(`${this.path} was opened for reading.`);
  }

  async flush(): Promise<void> {}

  async finish(): Promise<void> {}

  override async dispose(): Promise<void> {
    this.#cancelled = true;
    this.#guard.stop();
    await this.loaded;
    await super.dispose();
    await this.#cleanUp();
  }
}
