// Orders that must not run at the same time: each begins when those before it are done, however they ended.

export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Settles as the order does. */
  take<T>(order: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(order);
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Resolves when all that were taken up to now are done. */
  async settled(): Promise<void> {
    await this.#last;
  }
}
