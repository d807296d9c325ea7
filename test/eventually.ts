// Waiting for what comes by itself: a watched file, a write that is not awaited, a peer.
import { vi } from 'vitest';

/** Longer than a busy machine takes for any of it: this is how long a fault lasts until it is told, never how long a test takes. */
const TIMEOUT_MS = 10_000;

/** Resolves with the answer of `check` as soon as it neither throws nor rejects, and rejects as it does when that lasts. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: TIMEOUT_MS });
}
