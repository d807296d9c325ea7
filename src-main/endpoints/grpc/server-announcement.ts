// Says that something has changed, at once or soon: however many changes, soon is once in a while.

/** Often enough for eyes, rarely enough for thousands of calls a second. */
const SOON_MS = 50;

export class Announcement {
  readonly #announce: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(announce: () => void) {
    this.#announce = announce;
  }

  soon(): void {
    this.#timer ??= setTimeout(() => this.now(), SOON_MS);
  }

  now(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#announce();
  }
}
