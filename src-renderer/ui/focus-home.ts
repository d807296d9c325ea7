// Where the keyboard goes when what had it is gone: back to where it was, else to the rows. Never to nowhere.
import { useRef } from 'react';

/** The list of records of the shown session, if there is one. */
const HOME = '[data-pane="timeline"] [data-pane-entry]';

export function focusHome(): void {
  document.querySelector<HTMLElement>(HOME)?.focus();
}

/** For what takes the keyboard while it is open and has no button of its own to give it back to. */
export function useFocusReturn(): { remember(): void; giveBack(event: Event): void } {
  const before = useRef<Element>(null);
  return {
    remember: () => {
      before.current = document.activeElement;
    },
    giveBack: (event) => {
      event.preventDefault();
      // What was run meanwhile may have moved it.
      if (document.activeElement !== document.body && document.activeElement !== null) return;
      if (before.current instanceof HTMLElement && before.current.isConnected && before.current !== document.body)
        before.current.focus();
      else focusHome();
    },
  };
}
