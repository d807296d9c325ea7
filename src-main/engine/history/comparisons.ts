// The comparisons that windows look at: made when asked for, kept while they are used, a few at a time.
import type { Run } from '../../bridge/contract.ts';
import { type ComparedCapture, Comparison } from './comparison.ts';

/** Each holds two captures open. */
const MAX_KEPT = 4;

interface Kept {
  one: Run;
  other: Run;
  made: Promise<Comparison>;
}

export class Comparisons {
  readonly #open: (run: Run) => Promise<ComparedCapture>;
  /** By the ids of both; least recently used first. */
  readonly #kept = new Map<string, Kept>();

  /** `open`: the capture of a run as it is now, for nobody else. */
  constructor(open: (run: Run) => Promise<ComparedCapture>) {
    this.#open = open;
  }

  /** Of both as they are now: what goes on is compared anew. */
  async compare(one: Run, other: Run): Promise<Comparison> {
    const known = this.#kept.get(keyOf(one, other));
    const isSame = known && isUnchanged(known.one, one) && isUnchanged(known.other, other);
    return await (isSame ? this.find(one, other) : this.#make(one, other));
  }

  /** The one that was made last, or one that is made now. */
  async find(one: Run, other: Run): Promise<Comparison> {
    const key = keyOf(one, other);
    const known = this.#kept.get(key);
    if (!known) return await this.#make(one, other);
    this.#kept.delete(key);
    this.#kept.set(key, known);
    return await known.made;
  }

  /** Paths of captures that are compared. */
  *paths(): Iterable<string> {
    for (const { one, other } of this.#kept.values()) {
      yield one.path;
      yield other.path;
    }
  }

  /** Lets go of a capture. */
  async release(path: string): Promise<void> {
    const concerned = [...this.#kept].filter(([, { one, other }]) => one.path === path || other.path === path);
    await Promise.all(concerned.map(([key]) => this.#drop(key)));
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#kept.keys()].map((key) => this.#drop(key)));
  }

  async #make(one: Run, other: Run): Promise<Comparison> {
    const key = keyOf(one, other);
    void this.#drop(key);
    const kept: Kept = { one, other, made: this.#begin(one, other) };
    this.#kept.set(key, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) void this.#drop(oldest);
    try {
      return await kept.made;
    } catch (error) {
      // It may be asked for again.
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
      throw error;
    }
  }

  async #begin(...runs: [one: Run, other: Run]): Promise<Comparison> {
    const opened: ComparedCapture[] = [];
    try {
      for (const run of runs) opened.push(await this.#open(run));
      const [one, other] = opened as [ComparedCapture, ComparedCapture];
      return await Comparison.make(one, other);
    } catch (error) {
      await Promise.all(opened.map(({ capture }) => capture.dispose()));
      throw error;
    }
  }

  async #drop(key: string): Promise<void> {
    const known = this.#kept.get(key);
    this.#kept.delete(key);
    // One that could not be made holds nothing.
    await known?.made.then(
      (comparison) => comparison.dispose(),
      () => undefined,
    );
  }
}

function keyOf(one: Run, other: Run): string {
  return JSON.stringify([one.id, other.id]);
}

function isUnchanged(before: Run, now: Run): boolean {
  return now.endedAt !== null && before.endedAt === now.endedAt && before.sizeBytes === now.sizeBytes;
}
