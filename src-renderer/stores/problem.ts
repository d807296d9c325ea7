// Whatever was thrown, as a Problem a person can read.

import { BridgeError } from '../../src-main/bridge/client.ts';
import type { Problem } from '../../src-main/core/event.ts';
import { showToast } from '../ui/toast.tsx';

/** Code of the problem whose banner stands across the window. */
export const ENGINE_GONE = 'ENGINE_GONE';

export function problemOf(error: unknown): Problem {
  if (error instanceof BridgeError) return error.problem;
  return { what: error instanceof Error ? error.message : String(error), why: '', next: '' };
}

/** Says in a toast that something failed. The engine's end has its own banner. */
export function reportProblem(error: unknown): void {
  const problem = problemOf(error);
  if (problem.code === ENGINE_GONE) return;
  showToast({ text: [problem.what, problem.next].filter(Boolean).join(' '), severity: 'error' });
}

/** Runs an order and shows in a toast if it fails; undefined then. */
export async function attempt<T>(order: () => Promise<T>): Promise<T | undefined> {
  try {
    return await order();
  } catch (error) {
    reportProblem(error);
    return undefined;
  }
}
