// What is being composed, per session. Kept across restarts (up to a size), because unsent words are work too.
import { create } from 'zustand';
import type { Input } from '../../src-main/bridge/contract.ts';
import { convertText, type Mode } from './content.ts';

export type Recipients = Input<'sessions.send'>['to'];

export interface Draft {
  mode: Mode;
  text: string;
  /** Name of the saved message it came from, if it did. */
  savedAs?: string;
  to: Recipients;
  repeat: { times: number; everyMs: number };
}

const EMPTY: Draft = { mode: 'text', text: '', to: 'all', repeat: { times: 10, everyMs: 1000 } };

const KEY = 'wirescope:drafts';
const SAVE_PAUSE_MS = 500;
/** Drafts longer than this are not kept across restarts. */
const MAX_KEPT_CHARS = 100_000;

const useDrafts = create<{ byId: { readonly [session: string]: Draft } }>(() => ({ byId: restore() }));

/** Drafts of a gRPC session's other methods wait under their paths. */
const draftKey = (session: string, method: string) => `${session} ${method}`;

/** Puts the draft of one method aside and takes up that of another. */
export function chooseDraftOf(session: string, old: string, method: string): void {
  if (old === method) return;
  useDrafts.setState(({ byId }) => {
    const { savedAs: _old, ...rest } = byId[session] ?? EMPTY;
    const waiting = byId[draftKey(session, method)];
    return {
      byId: {
        ...byId,
        ...(old === '' ? {} : { [draftKey(session, old)]: rest }),
        [session]: waiting ?? { ...rest, mode: 'json', text: old === '' && rest.mode === 'json' ? rest.text : '' },
      },
    };
  });
}

export function draftOf(session: string): Draft {
  return useDrafts.getState().byId[session] ?? EMPTY;
}

export function useDraft(session: string): Draft {
  return useDrafts((state) => state.byId[session] ?? EMPTY);
}

export function editDraft(session: string, patch: Partial<Draft>): void {
  useDrafts.setState(({ byId }) => ({ byId: { ...byId, [session]: { ...draftOf(session), ...patch } } }));
}

/** Replaces the whole draft's content, as when a saved message is chosen. */
export function replaceDraft(session: string, content: { mode: Mode; text: string; savedAs?: string }): void {
  const { savedAs: _old, ...rest } = draftOf(session);
  useDrafts.setState(({ byId }) => ({ byId: { ...byId, [session]: { ...rest, ...content } } }));
}

/** Writes the draft in another mode; where that cannot be, the text stays as it is. */
export function changeMode(session: string, mode: Mode): void {
  const draft = draftOf(session);
  const text = convertText(draft.mode, mode, draft.text);
  editDraft(session, { mode, text: text ?? (draft.mode === 'file' || mode === 'file' ? '' : draft.text) });
}

function restore(): { [session: string]: Draft } {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return {};
    return Object.fromEntries(Object.entries(stored).map(([id, draft]) => [id, { ...EMPTY, ...(draft as Draft) }]));
  } catch {
    return {};
  }
}

let timer: ReturnType<typeof setTimeout> | undefined;
useDrafts.subscribe(({ byId }) => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const kept = Object.entries(byId).filter(([, draft]) => draft.text.length <= MAX_KEPT_CHARS);
    try {
      localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(kept)));
    } catch {
      // The browser's storage is full: drafts live on in memory.
    }
  }, SAVE_PAUSE_MS);
});
