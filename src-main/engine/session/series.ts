// Messages that follow one another by themselves: one again and again, or the messages of a list. They are counted and can be
// stopped; who sends them is told here.
import { Slices } from './slices.ts';

/** A message of a list, or how long to wait before the next. */
export type ListEntry<Message> = { send: Message } | { waitMs: number };

export class Series {
  /** How many messages there are. */
  readonly of: number;
  readonly #slices = new Slices(Number.POSITIVE_INFINITY);
  #sent: number;
  #stopped = false;
  #wake: () => void = () => {};

  /** `sent`: how many of them are sent already. */
  constructor(of: number, sent = 0) {
    this.of = of;
    this.#sent = sent;
  }

  get sent(): number {
    return this.#sent;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  /**
   * Resolves when all are sent or it was stopped; rejects with what `send` rejects with. The n-th is due n × everyMs
   * after the start: a slow receiver delays it, and later ones catch up. 0: each as soon as the one before was taken.
   */
  async repeat(everyMs: number, send: () => Promise<unknown>): Promise<void> {
    const begunAt = performance.now();
    while (this.#sent < this.of && !this.#stopped) {
      await this.#wait(begunAt + this.#sent * everyMs - performance.now());
      await this.#send(send);
    }
  }

  /** Resolves and rejects as repeat() does. Waits begin when the message before them was taken. */
  async list<Message>(
    entries: Iterable<ListEntry<Message>>,
    send: (message: Message) => Promise<unknown>,
  ): Promise<void> {
    for (const entry of entries) {
      if (this.#stopped) return;
      if ('waitMs' in entry) await this.#wait(entry.waitMs);
      else await this.#send(() => send(entry.send));
    }
  }

  async #send(send: () => Promise<unknown>): Promise<void> {
    if (this.#stopped) return;
    if (this.#slices.due) await this.#slices.pause();
    try {
      await send();
    } catch (error) {
      // Whoever stopped it has ended the connection too.
      if (this.#stopped) return;
      throw error;
    }
    this.#sent += 1;
  }

  #wait(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
