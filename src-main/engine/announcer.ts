// Tells listeners what changed, at most once a frame for each session, however often it changed.
import type { Announcement } from '../bridge/contract.ts';
import type { Session } from './session/session.ts';

/** One frame at 60 Hz. */
const FRAME_MS = 16;
/**
 * Told every frame of thousands of records a second, the window would draw rows that nobody can read, and have no time
 * left for its user: then it is told twenty times a second.
 */
const RUSH_MS = 50;
const RUSH_RECORDS_PER_MS = 3;
/** Counts and rates are for reading: more often than this nobody can. They carry the whole state. */
const COUNTS_MS = 100;

interface Pending {
  /** Its state changed: say so in the next frame. */
  changed: boolean;
  /** Its capture grew: say so in the next frame. */
  grown: boolean;
  /** Its counts or rates are older than what was last said. */
  stale: boolean;
  /** Records that were last told of. */
  records: number;
  /** When its state was last said. */
  saidAtMs: number;
}

export class Announcer {
  readonly #listeners = new Set<(announcement: Announcement) => void>();
  readonly #pending = new Map<Session, Pending>();
  readonly #workspace: { revision: number; timer?: NodeJS.Timeout } = { revision: 0 };
  #timer: NodeJS.Timeout | undefined;
  #dueAtMs = Number.POSITIVE_INFINITY;
  #lastFrameMs = 0;
  #frameMs = FRAME_MS;

  listen(listener: (announcement: Announcement) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(session: Session): void {
    this.#of(session).changed = true;
    this.#schedule(0);
  }

  /** Cheap: called for every batch of records. */
  grown(session: Session): void {
    this.#of(session).grown = true;
    this.#schedule(0);
  }

  typed(session: Session): void {
    this.#emit({ type: 'schema', session: session.id, revision: session.schema.revision });
  }

  removed(session: Session): void {
    this.#pending.delete(session);
    this.#emit({ type: 'sessionRemoved', session: session.id });
  }

  workspaceChanged(): void {
    const workspace = this.#workspace;
    workspace.revision += 1;
    workspace.timer ??= setTimeout(() => {
      delete workspace.timer;
      this.#emit({ type: 'workspace', revision: workspace.revision });
    }, FRAME_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#workspace.timer);
    this.#listeners.clear();
    this.#pending.clear();
  }

  #of(session: Session): Pending {
    let pending = this.#pending.get(session);
    if (!pending) {
      pending = { changed: false, grown: false, stale: false, records: 0, saidAtMs: Number.NEGATIVE_INFINITY };
      this.#pending.set(session, pending);
    }
    return pending;
  }

  /** The next frame is at `wantedAtMs`, but never less than a frame after the last (more while records rush in). */
  #schedule(wantedAtMs: number): void {
    const atMs = Math.max(wantedAtMs, this.#lastFrameMs + this.#frameMs);
    if (this.#dueAtMs <= atMs) return;
    this.#dueAtMs = atMs;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#frame(), Math.max(0, atMs - performance.now()));
  }

  #frame(): void {
    const now = performance.now();
    const sinceMs = now - this.#lastFrameMs;
    this.#lastFrameMs = now;
    let newRecords = 0;
    this.#dueAtMs = Number.POSITIVE_INFINITY;
    for (const [session, pending] of this.#pending) {
      if (pending.grown) {
        pending.grown = false;
        pending.stale = true;
        const growth = session.growth();
        newRecords += growth.records - pending.records;
        pending.records = growth.records;
        this.#emit({ type: 'timeline', session: session.id, ...growth });
      }
      if (pending.changed || (pending.stale && now - pending.saidAtMs >= COUNTS_MS)) {
        const state = session.state();
        pending.changed = false;
        pending.saidAtMs = now;
        // Rates fall to zero only by being looked at again.
        pending.stale = isFlowing(state.traffic);
        this.#emit({ type: 'session', session: state });
      }
      if (pending.stale) this.#schedule(pending.saidAtMs + COUNTS_MS);
    }
    this.#frameMs = newRecords > sinceMs * RUSH_RECORDS_PER_MS ? RUSH_MS : FRAME_MS;
  }

  #emit(announcement: Announcement): void {
    for (const listener of this.#listeners) listener(announcement);
  }
}

function isFlowing(traffic: ReturnType<Session['state']>['traffic']): boolean {
  return traffic.clientToServer.bytesPerSecond > 0 || traffic.serverToClient.bytesPerSecond > 0;
}
