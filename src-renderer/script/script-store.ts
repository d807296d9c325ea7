// Scripts in this window: which script ran last for a session, what was recorded and waits for a yes.
import { create } from 'zustand';
import type { SavedMessage, Step } from '../../src-main/core/session-config.ts';

export interface Recording {
  session: string;
  script: Step[];
  messages: SavedMessage[];
  /** The script as YAML. */
  text: string;
}

interface Scripts {
  /** The steps that ran last, by session: they may have been edited since. */
  ran: { readonly [session: string]: readonly Step[] };
  recording: Recording | null;
  view: 'list' | 'yaml';
}

export const useScripts = create<Scripts>(() => ({ ran: {}, recording: null, view: 'list' }));
