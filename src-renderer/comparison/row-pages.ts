// The rows of a comparison as far as somebody looks at them: a few pages, asked for and never pushed. They do not change.
// Owns no DOM and no bridge: rows come by a function.
import type { ComparedRow } from '../../src-main/bridge/contract.ts';

export const PAGE_ROWS = 100;
/** Pages kept: a few screens in each direction. */
const MAX_PAGES = 20;

type Fetch = (from: number, count: number) => Promise<readonly ComparedRow[]>;

export class RowPages {
  /** Why a page did not come. */
  failure: unknown;
  /** Changes with everything that can be seen of it; for React. */
  version = 0;
  readonly #fetch: Fetch;
  /** By number, in order of last use; null: it has been asked for. */
  readonly #pages = new Map<number, readonly ComparedRow[] | null>();
  readonly #listeners = new Set<() => void>();

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  at(row: number): ComparedRow | undefined {
    return this.#pages.get(Math.floor(row / PAGE_ROWS))?.[row % PAGE_ROWS];
  }

  /** Asks for those of these rows that are not here. After a failure nothing more is asked. */
  show(rows: Iterable<number>): void {
    if (this.failure !== undefined) return;
    for (const page of new Set([...rows].map((row) => Math.floor(row / PAGE_ROWS)))) this.#want(page);
  }

  #want(page: number): void {
    const known = this.#pages.get(page);
    if (known !== undefined) {
      this.#pages.delete(page);
      this.#pages.set(page, known);
      return;
    }
    this.#pages.set(page, null);
    this.#fetch(page * PAGE_ROWS, PAGE_ROWS).then(
      (rows) => this.#put(page, rows),
      (error: unknown) => {
        this.#pages.delete(page);
        this.failure = error;
        this.#changed();
      },
    );
  }

  #put(page: number, rows: readonly ComparedRow[]): void {
    // Nobody looks there any more.
    if (!this.#pages.has(page)) return;
    this.#pages.set(page, rows);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) break;
      this.#pages.delete(oldest);
    }
    this.#changed();
  }

  #changed(): void {
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }
}
