// The rows of one query of one session, as far as somebody looks at them: a few pages, asked for and never pushed. One
// request is in flight at a time and the next leaves with the next animation frame, so drawing is the back-pressure.
// Owns no DOM and no bridge: both come in as functions.
import type { Output, Row } from '../../src-main/bridge/contract.ts';
import type { RowRange } from './virtual-scroll.ts';

export const PAGE_ROWS = 100;
/** Pages kept: about 30 screens of 60 rows. */
export const MAX_PAGES = 20;
/** Rows of one request: a tall screen with its overscan. */
const REQUEST_ROWS = 400;

/** New rows between two answers from which on they rush by. */
const RUSH_ROWS = 100;

export type RowAnswer = Output['timeline.rows'];

export interface RowSourceOptions {
  fetchRows: (from: number, count: number) => Promise<RowAnswer>;
  /** Calls back once before the next frame is drawn. */
  onFrame: (callback: () => void) => void;
  /** Calls back once after a pause of a few frames. */
  onPause: (callback: () => void) => void;
  follow: boolean;
}

export class RowSource {
  /** Rows to lay out. While following it only grows to where the last screen is complete, so that nothing flickers. */
  total = 0;
  /** Rows there were at the last answer. */
  known = 0;
  /** How far a filter has read a growing capture, as the engine says; undefined when it is through. */
  scanning: number | undefined;
  /** The first answer is here. */
  loaded = false;
  /** Why the last request failed. */
  failure: unknown;
  /** Highest connection number seen in any row. */
  maxConnection = 0;
  /** A gRPC call was seen in any row. */
  hasCalls = false;
  /** Latest time of any row seen, microseconds since the Unix epoch. */
  latestUs = 0;
  /** Changes with everything above; for React. */
  version = 0;

  readonly #options: RowSourceOptions;
  /** Page number → its rows; in order of last use. */
  readonly #pages = new Map<number, Row[]>();
  readonly #listeners = new Set<() => void>();
  /** Pages with a call that was going on when they came: its row may tell more by now. */
  readonly #changing = new Set<number>();
  /** Pages to be asked for again. */
  readonly #outdated = new Set<number>();
  #follow: boolean;
  #range: RowRange = { first: 0, end: 60 };
  #stale = true;
  #inFlight = false;
  /** What the next request waits for; each schedule has a number, so that one that was replaced does nothing. */
  #waiting: 'no' | 'frame' | 'pause' = 'no';
  #turn = 0;
  /** While following, more rows come between two answers than anybody can read. */
  #rushing = false;
  #disposed = false;

  constructor(options: RowSourceOptions) {
    this.#options = options;
    this.#follow = options.follow;
    this.#schedule();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The row at an index of the query, if it is here. */
  at(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  /** Index of a record among the rows that are here. */
  indexOf(seq: number): number | undefined {
    for (const [page, rows] of this.#pages) {
      const position = rows.findIndex((row) => row.seq === seq);
      if (position >= 0) return page * PAGE_ROWS + position;
    }
    return undefined;
  }

  /** Says which rows are on the screen, and whether it sticks to the end. */
  show(range: RowRange, follow: boolean): void {
    this.#range = range;
    if (this.#follow !== follow) {
      this.#follow = follow;
      this.#rushing &&= follow;
      if (!follow && this.total !== this.known) {
        this.total = this.known;
        this.#changed();
      }
    }
    for (let page = pageOf(range.first); page <= pageOf(range.end); page += 1) this.#touch(page);
    if (this.#wanted()) this.#schedule();
  }

  /** The capture has grown. */
  grew(): void {
    this.#stale = true;
    for (const page of this.#changing) this.#outdated.add(page);
    this.failure = undefined;
    this.#schedule();
  }

  /** Rows say something else than before: other message types are known. */
  explained(): void {
    for (const page of this.#pages.keys()) this.#outdated.add(page);
    this.failure = undefined;
    this.#schedule();
  }

  /** Asks nothing more, and ignores answers that still arrive. What is here can still be read. */
  dispose(): void {
    this.#disposed = true;
    this.#listeners.clear();
  }

  #schedule(): void {
    const waitFor = this.#rushing ? 'pause' : 'frame';
    if (this.#disposed || this.#waiting === 'frame' || this.#waiting === waitFor) return;
    this.#waiting = waitFor;
    this.#turn += 1;
    const turn = this.#turn;
    const wait = waitFor === 'pause' ? this.#options.onPause : this.#options.onFrame;
    wait(() => {
      if (turn !== this.#turn) return;
      this.#waiting = 'no';
      this.#ask();
    });
  }

  #ask(): void {
    if (this.#inFlight || this.#disposed || this.failure !== undefined) return;
    const wanted = this.#wanted();
    if (!wanted) return;
    this.#inFlight = true;
    this.#stale = false;
    const asked = { first: pageOf(wanted.from), end: pageOf(wanted.from + wanted.count - 1) };
    for (let page = asked.first; page <= asked.end; page += 1) this.#outdated.delete(page);
    this.#options.fetchRows(wanted.from, wanted.count).then(
      (answer) => this.#answered(wanted.from, answer),
      (error: unknown) => this.#failed(error),
    );
  }

  /** The next request, or undefined while everything looked at is here. */
  #wanted(): { from: number; count: number } | undefined {
    const { first, end } = this.#window();
    for (let page = pageOf(first); page * PAGE_ROWS < end; page += 1) {
      const from = page * PAGE_ROWS;
      const there = this.#pages.get(page)?.length ?? 0;
      if (there < Math.min(PAGE_ROWS, this.known - from) || this.#outdated.has(page)) {
        const to = (pageOf(end - 1) + 1) * PAGE_ROWS;
        return { from, count: Math.min(REQUEST_ROWS, to - from) };
      }
    }
    if (!this.#stale) return undefined;
    if (this.#follow || this.#range.end >= this.known) {
      return { from: pageOf(this.known) * PAGE_ROWS, count: REQUEST_ROWS };
    }
    return { from: this.known, count: 0 };
  }

  #window(): RowRange {
    const { first, end } = this.#range;
    if (!this.#follow) return { first, end: Math.min(end, this.known) };
    return { first: Math.max(0, this.known - Math.max(1, end - first)), end: this.known };
  }

  #answered(from: number, answer: RowAnswer): void {
    this.#inFlight = false;
    if (this.#disposed) return;
    if (answer.total < this.known) this.#reset();
    this.loaded = true;
    this.#rushing = this.#follow && this.known > 0 && answer.total - this.known > RUSH_ROWS;
    this.known = answer.total;
    this.scanning = answer.scanning;
    // Nobody announces how far a filter has come: ask again.
    if (answer.scanning !== undefined) this.#stale = true;
    this.#keep(from, answer.rows);
    this.total = this.#follow ? this.#followed(from + answer.rows.length) : this.known;
    this.#changed();
    if (this.#wanted()) this.#schedule();
  }

  /** How many rows to lay out while following, once rows up to `end` have come. */
  #followed(end: number): number {
    const { first, end: rangeEnd } = this.#range;
    const screen = Math.max(1, rangeEnd - first);
    for (let row = Math.max(0, end - screen); row < end; row += 1) if (!this.at(row)) return this.total;
    return Math.max(Math.min(this.total, this.known), end);
  }

  #failed(error: unknown): void {
    this.#inFlight = false;
    if (this.#disposed) return;
    this.loaded = true;
    this.failure = error ?? new Error('The engine did not answer.');
    this.#changed();
  }

  /** A new capture has taken the place of the old one. */
  #reset(): void {
    this.#pages.clear();
    this.#changing.clear();
    this.#outdated.clear();
    this.total = 0;
    this.maxConnection = 0;
    this.hasCalls = false;
    this.latestUs = 0;
  }

  #keep(from: number, rows: Row[]): void {
    for (let at = 0; at < rows.length; at += PAGE_ROWS) {
      const page = pageOf(from + at);
      const slice = rows.slice(at, at + PAGE_ROWS);
      const there = this.#pages.get(page);
      if (there && there.length > slice.length) continue;
      this.#pages.delete(page);
      this.#pages.set(page, slice);
      if (slice.some(isGoingOn)) this.#changing.add(page);
      else this.#changing.delete(page);
    }
    for (const row of rows) {
      this.maxConnection = Math.max(this.maxConnection, row.connection);
      this.latestUs = Math.max(this.latestUs, row.at);
      this.hasCalls ||= row.call !== undefined;
    }
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) break;
      this.#pages.delete(page);
      this.#changing.delete(page);
      this.#outdated.delete(page);
    }
  }

  #touch(page: number): void {
    const rows = this.#pages.get(page);
    if (!rows) return;
    this.#pages.delete(page);
    this.#pages.set(page, rows);
  }

  #changed(): void {
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }
}

/** A gRPC call that has not ended: its row counts messages, and will say how it ended. */
function isGoingOn({ call }: Row): boolean {
  return call !== undefined && call.durationMicroseconds === undefined;
}

function pageOf(index: number): number {
  return Math.floor(index / PAGE_ROWS);
}
