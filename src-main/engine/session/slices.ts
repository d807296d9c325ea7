// Cuts long work into slices, so that sockets and requests get their turn between them.

/** Half a frame: short enough that nobody notices, long enough that the pauses cost little. */
const SLICE_MS = 8;

export class Slices {
  readonly #endsAt: number;
  #pauseAt: number;

  constructor(limitMs: number) {
    const now = performance.now();
    this.#endsAt = now + limitMs;
    this.#pauseAt = now + SLICE_MS;
  }

  /** Whether it is time for others. */
  get due(): boolean {
    return performance.now() >= this.#pauseAt;
  }

  get leftMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** Whether the whole time is used up. */
  get exhausted(): boolean {
    return performance.now() >= this.#endsAt;
  }

  /** Lets everything that waits run once. */
  async pause(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#pauseAt = performance.now() + SLICE_MS;
  }
}
