// What the folder of captures holds, kept in memory, because thousands of runs are listed again and again. The folder is
// the truth: it is looked at before each answer, and only what has another stamp is read. Several engines may share it.
import type { CaptureFolder, StoredCapture } from './capture-folder.ts';
import { guessedManifest, manifestStamp, type RunManifest, readManifest } from './manifest.ts';

/** A capture and what its manifest tells. */
export interface StoredRun extends StoredCapture {
  manifest: RunManifest;
}

interface Entry extends StoredRun {
  /** Names of its files, and the stamp of its manifest: another one, and it is read again. */
  names: readonly string[];
  stamp: string;
  /** Somebody reserved the name, and there is nothing in it. */
  isEmpty: boolean;
}

/** Two changes so close may leave a folder with one time: then it says nothing of whether it has changed. */
const SAME_TIME_MS = 2000;
/** Files that are looked at at a time: enough to keep the disk busy, few enough to let sockets have their turn. */
const AT_ONCE = 32;

/** Its orders must be given one after the other. */
export class HistoryIndex {
  readonly #folder: CaptureFolder;
  readonly #entries = new Map<string, Entry>();
  /** When the folder had changed last, as far as that is to be relied on. */
  #changedAt: bigint | undefined;
  /** Newest first; undefined: to be made. */
  #sorted: readonly StoredRun[] | undefined;

  constructor(folder: CaptureFolder) {
    this.#folder = folder;
  }

  /** Every run, newest first, as the folder is now. */
  async runs(): Promise<readonly StoredRun[]> {
    await this.#look();
    this.#sorted ??= [...this.#entries.values()].filter(({ isEmpty }) => !isEmpty).sort(newestFirst);
    return this.#sorted;
  }

  /** Every capture, those too that nothing is in. */
  async captures(): Promise<readonly StoredRun[]> {
    await this.#look();
    return [...this.#entries.values()];
  }

  async find(stem: string): Promise<StoredRun | undefined> {
    await this.#look();
    return this.#entries.get(stem);
  }

  async remove(run: StoredRun): Promise<void> {
    await this.#folder.remove(run);
    this.#forget(run.stem);
  }

  async #look(): Promise<void> {
    const beganAtMs = Date.now();
    const changedAt = await this.#folder.changedAt();
    if (changedAt !== undefined && changedAt === this.#changedAt) return await this.#measureGrowing();
    const names = await this.#folder.names();
    for (const stem of this.#entries.keys()) if (!names.has(stem)) this.#forget(stem);
    await eachOf([...names], ([stem, files]) => this.#read(stem, files));
    const isOld = changedAt !== undefined && beganAtMs - Number(changedAt / 1_000_000n) > SAME_TIME_MS;
    this.#changedAt = isOld ? changedAt : undefined;
  }

  async #read(stem: string, names: readonly string[]): Promise<void> {
    const known = this.#entries.get(stem);
    const path = known?.path ?? this.#folder.pathOf(stem);
    const stamp = await manifestStamp(path);
    if (known && isSameList(known.names, names) && known.stamp === stamp && !isGrowing(known)) return;
    const capture = await this.#folder.measure(stem, names);
    const manifest = known && known.stamp === stamp && stamp !== '' ? known.manifest : await readManifest(path);
    const isEmpty = !manifest && capture.sizeBytes === 0;
    this.#put({ ...capture, manifest: manifest ?? guessedManifest(capture), names, stamp, isEmpty });
  }

  /** A capture grows without its folder changing. */
  async #measureGrowing(): Promise<void> {
    const growing = [...this.#entries.values()].filter(isGrowing);
    await eachOf(growing, ({ stem, names }) => this.#read(stem, names));
  }

  #put(entry: Entry): void {
    this.#entries.set(entry.stem, entry);
    this.#sorted = undefined;
  }

  #forget(stem: string): void {
    this.#entries.delete(stem);
    this.#sorted = undefined;
  }
}

function isGrowing({ manifest, isEmpty }: Entry): boolean {
  return isEmpty || manifest.result === 'running';
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

function newestFirst(a: StoredRun, b: StoredRun): number {
  return b.manifest.startedAt - a.manifest.startedAt || (a.stem < b.stem ? 1 : -1);
}

/** Some at a time. */
async function eachOf<T>(items: readonly T[], order: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length) await order(items[next++]!);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
}
