// What somebody is writing that no file holds yet: messages being composed, a script that says none so far. Kept for the
// interface, which alone knows what is in it.
import { z } from 'zod';

export const unsentMethods = {
  /** All that is kept. */
  'unsent.list': z.strictObject({}),
  /** Keeps a text under a key, over a crash too; null: forgets it. */
  'unsent.keep': z.strictObject({ key: z.string().min(1).max(4096), text: z.string().max(1_000_000).nullable() }),
} as const;

export interface UnsentOutput {
  'unsent.list': { texts: { key: string; text: string }[] };
  'unsent.keep': null;
}
