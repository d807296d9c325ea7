// Texts that somebody is writing and that no file holds: handed to the engine soon after each change, had back when the
// window opens. Each is known by a kind and the key that its kind gives it.
import { bridge } from '../bridge/bridge.ts';

/** A change is handed over after so long, however fast others follow. */
const KEEP_AFTER_MS = 300;
/** Longer ones live in memory only. */
const MAX_KEPT_CHARS = 500_000;

/** Changes on their way to the engine. */
const waiting = new Map<string, string | null>();
let isDue = false;
/** What was written since the window opened is newer than what was kept. */
const written = new Set<string>();

const restorers = new Map<string, (key: string, text: string) => void>();

/** `restore` takes the texts of a kind that were kept when the window was opened. */
export function restoreUnsent(kind: string, restore: (key: string, text: string) => void): void {
  restorers.set(kind, restore);
}

/** Keeps a text; null: forgets it. */
export function keepUnsent(kind: string, key: string, text: string | null): void {
  written.add(`${kind} ${key}`);
  waiting.set(`${kind} ${key}`, text !== null && text.length > MAX_KEPT_CHARS ? null : text);
  if (isDue) return;
  isDue = true;
  setTimeout(() => void handOverUnsent(), KEEP_AFTER_MS);
}

/** Hands all that waits to the engine, now. */
export async function handOverUnsent(): Promise<void> {
  isDue = false;
  const changes = [...waiting];
  waiting.clear();
  const orders = changes.map(([key, text]) =>
    bridge.call('unsent.keep', { key, text }).catch(() => {
      // Until the engine is back; unless it was changed meanwhile.
      if (!waiting.has(key)) waiting.set(key, text);
    }),
  );
  await Promise.all(orders);
}

/** Has back what was kept, and goes on after each reconnection. Call once. */
export function followUnsent(): void {
  let isRestored = false;
  bridge.onState((engine) => {
    if (engine !== 'open') return;
    void handOverUnsent();
    if (isRestored) return;
    isRestored = true;
    void restore();
  });
}

async function restore(): Promise<void> {
  const answer = await bridge.call('unsent.list', {}).catch(() => undefined);
  for (const { key, text } of answer?.texts ?? []) {
    const [kind = '', rest = ''] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)];
    if (!written.has(key)) restorers.get(kind)?.(rest, text);
  }
}
