// What is being composed, per session. Kept across restarts, because unsent words are work too.
import { create } from 'zustand';
import type { Input } from '../../src-main/bridge/contract.ts';
import { sameData } from '../stores/same-data.ts';
import { keepUnsent, restoreUnsent } from '../stores/unsent.ts';
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

const useDrafts = create<{ byId: { readonly [session: string]: Draft } }>(() => ({ byId: {} }));

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

/** Of unsent texts: see unsent.ts. */
const KIND = 'message';

/** Nothing new of these is to be kept. */
const restored = new WeakSet<Draft>();

restoreUnsent(KIND, (key, text) => {
  const kept = parsed(text);
  if (!kept || useDrafts.getState().byId[key]) return;
  const draft = { ...EMPTY, ...kept };
  restored.add(draft);
  useDrafts.setState(({ byId }) => ({ byId: { ...byId, [key]: draft } }));
});

useDrafts.subscribe(({ byId }, { byId: before }) => {
  for (const [key, draft] of Object.entries(byId)) {
    if (draft === before[key] || restored.has(draft)) continue;
    keepUnsent(KIND, key, sameData(draft, EMPTY) ? null : JSON.stringify(draft));
  }
});

function parsed(text: string): Partial<Draft> | undefined {
  try {
    return JSON.parse(text) as Partial<Draft>;
  } catch {
    return undefined;
  }
}
