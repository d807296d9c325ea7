// How the engine shares the processor with the window that shows what it captures.
import { constants, setPriority } from 'node:os';

/** Lets the window answer first where both want the processor. The engine still takes all that the window leaves. */
export function yieldToWindow(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Some sandboxes forbid it: then the system shares as it likes.
  }
}
