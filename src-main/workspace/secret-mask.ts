// Hides the values of secrets in what is shown, logged or reported. Knows every value that was used; keeps it in memory.

import type { Problem } from '../core/event.ts';

export const MASK = '••••••';

/** What is shorter stands in too many texts by chance, and is guessed at once anyway. */
const MIN_CHARS = 3;

export class SecretMask {
  /** The values and their spellings in URLs and JSON, longest first: one may contain another. */
  #spellings: string[] = [];

  add(value: string): void {
    if (value.length < MIN_CHARS || this.#spellings.includes(value)) return;
    const all = new Set([...this.#spellings, value, inUrl(value), JSON.stringify(value).slice(1, -1)]);
    this.#spellings = [...all].sort((a, b) => b.length - a.length);
  }

  /** Whether a text holds a secret. */
  finds(text: string): boolean {
    return this.#spellings.some((spelling) => text.includes(spelling));
  }

  text(text: string): string {
    let masked = text;
    for (const spelling of this.#spellings) masked = masked.replaceAll(spelling, MASK);
    return masked;
  }

  /** A copy of what somebody else wrote in which no text, name or number tells a secret. */
  data(data: unknown): unknown {
    return this.#spellings.length === 0 ? data : this.#in(data);
  }

  /** The problem itself if it tells none. */
  problem(problem: Problem): Problem {
    const { what, why, next, details } = problem;
    if (![what, why, next, details ?? ''].some((text) => this.finds(text))) return problem;
    return {
      ...problem,
      what: this.text(what),
      why: this.text(why),
      next: this.text(next),
      ...(details !== undefined && { details: this.text(details) }),
    };
  }

  #in(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'number' || typeof value === 'bigint')
      return this.#spellings.includes(String(value)) ? MASK : value;
    if (Array.isArray(value)) return value.map((item) => this.#in(item));
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.text(key), this.#in(item)]));
  }
}

/** Half of a pair of characters has no spelling in a URL. */
function inUrl(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    return value;
  }
}
