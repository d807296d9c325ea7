// What the engine announced of sessions, on its way to the store: a workspace that is opened announces thousands, so those
// of one frame are taken over together. Numbers that only count up wait longer. Knows no store.
import type { SessionState } from '../../src-main/bridge/contract.ts';

/** By id; undefined: the session is gone. */
export type SessionChanges = ReadonlyMap<string, SessionState | undefined>;

const FRAME_MS = 16;
/** Numbers that only count up are shown ten times a second; more often nobody reads them, and drawing costs. */
const COUNTERS_EVERY_MS = 100;

export class AnnouncedSessions {
  readonly #take: (changes: SessionChanges) => void;
  readonly #onlyCounts: (session: SessionState) => boolean;
  #news = new Map<string, SessionState | undefined>();
  #counts = new Map<string, SessionState>();
  #frame: ReturnType<typeof setTimeout> | undefined;
  #counting: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param take is given what was announced: the first of a frame at once
   * @param onlyCounts whether nothing but counters differs from what was taken before
   */
  constructor(take: (changes: SessionChanges) => void, onlyCounts: (session: SessionState) => boolean) {
    this.#take = take;
    this.#onlyCounts = onlyCounts;
  }

  /** undefined: the session is gone. */
  receive(id: string, session: SessionState | undefined): void {
    if (session && !this.#news.has(id) && this.#onlyCounts(session)) {
      this.#counts.set(id, session);
      this.#counting ??= setTimeout(() => this.#takeCounts(), COUNTERS_EVERY_MS);
      return;
    }
    this.#counts.delete(id);
    this.#news.set(id, session);
    if (this.#frame === undefined) this.#takeNews();
  }

  /** An answer of the engine has overtaken what was announced of a session; undefined: of all. */
  overtaken(id?: string): void {
    for (const waiting of [this.#news, this.#counts]) {
      if (id === undefined) waiting.clear();
      else waiting.delete(id);
    }
  }

  /** Hands over what waits. */
  flush(): void {
    this.#takeNews();
    this.#takeCounts();
  }

  #takeNews(): void {
    clearTimeout(this.#frame);
    this.#frame = undefined;
    if (this.#news.size === 0) return;
    this.#frame = setTimeout(() => this.#takeNews(), FRAME_MS);
    const changes = this.#news;
    this.#news = new Map();
    this.#take(changes);
  }

  #takeCounts(): void {
    clearTimeout(this.#counting);
    this.#counting = undefined;
    if (this.#counts.size === 0) return;
    const changes = this.#counts;
    this.#counts = new Map();
    this.#take(changes);
  }
}
