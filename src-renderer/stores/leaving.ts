// What was typed a moment ago is still on its way to the engine when the page goes, with its window or by a reload.
import { saveAllEdits } from './session-actions.ts';
import { handOverUnsent } from './unsent.ts';

/** Sends it before the page is gone, which waits for no answer. Call once. */
export function saveBeforeLeaving(): void {
  window.addEventListener('pagehide', () => {
    void saveAllEdits();
    void handOverUnsent();
  });
}
