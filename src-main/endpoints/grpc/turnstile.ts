// Lets so many through at a time; the others wait in a row.
export class Turnstile {
  #free: number;
  readonly #row: (() => void)[] = [];

  constructor(atATime: number) {
    this.#free = atATime;
  }

  /** undefined: you are through at once. Call leave() when done, in either case. */
  enter(): Promise<void> | undefined {
    if (this.#free > 0) {
      this.#free--;
      return undefined;
    }
    return new Promise((resolve) => this.#row.push(resolve));
  }

  leave(): void {
    const next = this.#row.shift();
    if (next) next();
    else this.#free++;
  }
}
