// F6: the panes of the window in reading order, each an element with `data-pane`, and what in it takes the focus.

/** Where the caret of the editor is: Monaco's own element, whichever way it takes input, or what stands in for it. */
export const EDITOR_INPUT = '.monaco-editor .native-edit-context, .monaco-editor textarea, .composer-plain';

const CONTROLS = 'input:not(:disabled), button:not(:disabled):not([tabindex="-1"]), [tabindex="0"]';

/** Moves the focus `step` panes on, around the end; panes that take no focus are passed over. */
export function stepPane(step: number): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((pane) => pane.offsetParent !== null);
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  const from = at < 0 && step < 0 ? 0 : at;
  for (let tried = 1; tried <= panes.length; tried++) {
    const pane = panes[(from + step * tried + panes.length * tried) % panes.length];
    if (pane && focusInside(pane)) return;
  }
}

/** Focuses what the pane names as its entry, else the editor, else its first control. False if nothing took it. */
function focusInside(pane: HTMLElement): boolean {
  for (const selector of ['[data-pane-entry]', EDITOR_INPUT, CONTROLS]) {
    for (const entry of pane.querySelectorAll<HTMLElement>(selector)) {
      entry.focus();
      if (document.activeElement === entry) return true;
    }
  }
  return false;
}
