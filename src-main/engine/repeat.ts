// Sends one message again and again: N times, every T ms or as fast as the receiver takes them.
import { Slices } from './slices.ts';

export interface RepeatPlan {
  times: number;
  /** 0: each as soon as the one before was taken. */
  everyMs: number;
}

export class Repeat {
  readonly plan: RepeatPlan;
  #sent: number;
  #stopped = false;
  #wake: () => void = () => {};

  /** `sent`: how many of them are sent already. */
  constructor(plan: RepeatPlan, sent = 0) {
    this.plan = plan;
    this.#sent = sent;
  }

  get sent(): number {
    return this.#sent;
  }

  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  /**
   * Resolves when all are sent or it was stopped; rejects with what `send` rejects with. The n-th is due n × everyMs
   * after the start: a slow receiver delays it, and later ones catch up.
   */
  async run(send: () => Promise<unknown>): Promise<void> {
    const { times, everyMs } = this.plan;
    const begunAt = performance.now();
    const slices = new Slices(Number.POSITIVE_INFINITY);
    while (this.#sent < times && !this.#stopped) {
      const waitMs = begunAt + this.#sent * everyMs - performance.now();
      if (everyMs > 0 && waitMs > 0) await this.#sleep(waitMs);
      else if (slices.due) await slices.pause();
      if (this.#stopped) return;
      try {
        await send();
      } catch (error) {
        // Whoever stopped it has ended the connection too.
        if (this.#stopped) return;
        throw error;
      }
      this.#sent += 1;
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
