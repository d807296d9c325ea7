// Scripts that are being typed as YAML: who reads them, and those that say no script yet, which are kept across restarts.
import type { Step } from '../../src-main/core/session-config.ts';
import { keepUnsent, restoreUnsent } from '../stores/unsent.ts';

/** A text that is no script; `script` is what it was typed over. */
export interface UnfinishedText {
  text: string;
  script: readonly Step[];
}

/** By session, for when one comes back to them. */
const unfinished = new Map<string, UnfinishedText>();

/** Of unsent texts: see unsent.ts. */
const KIND = 'script';

restoreUnsent(KIND, (id, text) => {
  const kept = JSON.parse(text) as UnfinishedText;
  if (!unfinished.has(id)) unfinished.set(id, kept);
});

export function unfinishedText(id: string): UnfinishedText | undefined {
  return unfinished.get(id);
}

/** undefined: what is typed says a script. */
export function setUnfinishedText(id: string, text: UnfinishedText | undefined): void {
  if (text) unfinished.set(id, text);
  else if (!unfinished.delete(id)) return;
  keepUnsent(KIND, id, text ? JSON.stringify(text) : null);
}

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
