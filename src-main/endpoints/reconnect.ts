// When a client tries again, how long it waits, and how that shows: `reconnecting` events and the state `waiting`.
// Whether an ending is worth another try is the client's own decision.
import { durationMs, type ReconnectConfig } from '../core/session-config.ts';
import type { EndpointHost } from './endpoint.ts';

const DELAY_MS = 1000;
const BACKOFF = 2;
const MAX_DELAY_MS = 30_000;
/** A connection that is lost sooner was no success: a server that hangs up on everybody is not called for ever. */
const HELD_MS = 5000;

/** Counts the tries since the last connection that held. */
export class Reconnection {
  readonly #config: ReconnectConfig;
  readonly #host: EndpointHost;
  #attempt = 0;
  #openedAtMs = Number.POSITIVE_INFINITY;

  constructor(config: ReconnectConfig | undefined, host: EndpointHost) {
    this.#config = config ?? { attempts: 0 };
    this.#host = host;
  }

  /** A connection came about: if it holds, its loss starts counting, and waiting, from the beginning. */
  succeeded(): void {
    this.#openedAtMs = performance.now();
  }

  /**
   * Waits before the next try. Resolves to false, at once, when no tries are left or the signal ends the waiting.
   */
  async wait(signal: AbortSignal): Promise<boolean> {
    const { attempts } = this.#config;
    if (performance.now() - this.#openedAtMs >= HELD_MS) this.#attempt = 0;
    this.#openedAtMs = Number.POSITIVE_INFINITY;
    if (this.#attempt >= attempts || signal.aborted) return false;
    const waitMs = reconnectDelayMs(this.#config, this.#attempt);
    this.#attempt++;
    const { recorder } = this.#host;
    recorder.event(
      {
        type: 'reconnecting',
        severity: 'info',
        text: `Trying again in ${waitMs >= 1000 ? `${waitMs / 1000} s` : `${waitMs} ms`}, ${this.#attempt} of ${attempts}`,
        fields: { attempt: this.#attempt, attempts, delayMs: waitMs },
      },
      recorder.now(),
    );
    this.#host.stateChanged({ phase: 'waiting', attempt: this.#attempt, attempts, nextAt: Date.now() + waitMs });
    return sleep(waitMs, signal);
  }
}

/** The wait before a try, in milliseconds; `made`: tries since the last connection that held. */
export function reconnectDelayMs(config: ReconnectConfig, made: number): number {
  const first = config.delay === undefined ? DELAY_MS : durationMs(config.delay);
  const longest = config.maxDelay === undefined ? Math.max(MAX_DELAY_MS, first) : durationMs(config.maxDelay);
  return Math.round(Math.min(first * (config.backoff ?? BACKOFF) ** made, longest));
}

/** Whether the time went by; false if the signal came first. */
function sleep(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (whole: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abandon);
      resolve(whole);
    };
    const abandon = () => end(false);
    const timer = setTimeout(() => end(true), ms);
    signal.addEventListener('abort', abandon);
  });
}
