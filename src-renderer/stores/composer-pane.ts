// Which tab of the composer is shown for each session, so that commands can choose it.
import { create } from 'zustand';

export type ComposerPane = 'compose' | 'script' | 'metadata' | 'calls' | 'connections';

interface ComposerPanes {
  bySession: { readonly [session: string]: ComposerPane };
}

export const useComposerPanes = create<ComposerPanes>(() => ({ bySession: {} }));

export function showComposerPane(session: string, pane: ComposerPane): void {
  useComposerPanes.setState(({ bySession }) => ({ bySession: { ...bySession, [session]: pane } }));
}
