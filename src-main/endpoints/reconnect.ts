// When a client tries again, how long it waits, and how that shows: `reconnecting` events and the state `waiting`.
// Whether an ending is worth another try is the client's own decision.
import type { Problem } from '../core/event.ts';
import { durationMs, type ReconnectConfig, type SessionConfig } from '../core/session-config.ts';
import type { EndpointHost } from './endpoint.ts';
import { giveUp, noteFailure } from './opening.ts';

const DELAY_MS = 1000;
const BACKOFF = 2;
const MAX_DELAY_MS = 30_000;
/** A connection that is lost sooner was no success: a server that hangs up on everybody is not called for ever. */
const HELD_MS = 5000;

/** How a connection ended. */
export interface ConnectionEnd {
  /** One line, as `Closed by the server`. */
  text: string;
  problem?: Problem;
  /** Nobody meant it to end for good: connecting again makes sense. */
  retry: boolean;
}

/** One connection at a time, as long as somebody wants there to be one. */
export interface Connecting<Connection> {
  config: SessionConfig;
  host: EndpointHost;
  /** Nobody wants it any more. */
  signal: AbortSignal;
  connect(): Promise<Connection>;
  /** A connection came about. */
  opened(): void;
  /** Resolves when the connection is over. */
  ended(connection: Connection): Promise<ConnectionEnd>;
}

/** Connects, and again as often as the config allows, until the end. Rejects with an EndpointError if it gives up connecting. */
export async function keepConnected<Connection>(connecting: Connecting<Connection>): Promise<void> {
  const { config, host, signal } = connecting;
  const reconnection = new Reconnection(config.reconnect, host);
  for (;;) {
    let connection: Connection;
    try {
      connection = await connecting.connect();
    } catch (error) {
      const failure = noteFailure(host, error, { step: 'connect', address: config.target ?? '' });
      if (await reconnection.wait(signal)) continue;
      throw giveUp(host, failure, signal);
    }
    reconnection.succeeded();
    connecting.opened();
    const { text, problem, retry } = await connecting.ended(connection);
    if (retry && (await reconnection.wait(signal))) continue;
    host.stateChanged(problem && !signal.aborted ? { phase: 'failed', problem } : { phase: 'closed', text });
    return;
  }
}

/** Counts the tries since the last connection that held. */
export class Reconnection {
  readonly #config: ReconnectConfig;
  readonly #host: EndpointHost;
  #attempt = 0;
  #openedAtMs = Number.POSITIVE_INFINITY;

  /** `attempts` may be Infinity here. */
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
    const isEndless = attempts === Number.POSITIVE_INFINITY;
    const when = waitMs >= 1000 ? `${waitMs / 1000} s` : `${waitMs} ms`;
    recorder.event(
      {
        type: 'reconnecting',
        severity: 'info',
        text: `Trying again in ${when}, ${isEndless ? `attempt ${this.#attempt}` : `${this.#attempt} of ${attempts}`}`,
        fields: { attempt: this.#attempt, ...(!isEndless && { attempts }), delayMs: waitMs },
      },
      recorder.now(),
    );
    this.#host.stateChanged({ phase: 'waiting', attempt: this.#attempt, attempts, nextAt: Date.now() + waitMs });
    return sleep(waitMs, signal);
  }
}

/** The wait before a try, in milliseconds; `made`: tries since the last connection that held. */
function reconnectDelayMs(config: ReconnectConfig, made: number): number {
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
