// Scripts that are being typed as YAML: who reads them, and those that say no script yet.
import type { Step } from '../../src-main/core/session-config.ts';

/** Texts that are no script, by session, for when one comes back to them; `script` is what they were typed over. */
export const unfinished = new Map<string, { text: string; script: readonly Step[] }>();

const readers = new Map<string, () => Promise<void>>();

/** `read` takes over what was typed for a session. Returns its own undoing. */
export function registerReader(id: string, read: () => Promise<void>): () => void {
  readers.set(id, read);
  return () => {
    if (readers.get(id) === read) readers.delete(id);
  };
}

/** Has what is shown as YAML taken over, now. False if it says no script. */
export async function settleText(id: string): Promise<boolean> {
  const read = readers.get(id);
  if (!read) return true;
  await read();
  return !unfinished.has(id);
}
