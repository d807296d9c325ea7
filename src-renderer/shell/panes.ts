// F6: the panes of the window in reading order, each an element with `data-pane`, and what in it takes the focus.

/** Moves the focus `step` panes on, around the end. */
export function stepPane(step: number): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((pane) => pane.offsetParent !== null);
  if (panes.length === 0) return;
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  const from = at < 0 && step < 0 ? 0 : at;
  focusInside(panes[(from + step + panes.length) % panes.length]!);
}

/** Focuses what the pane names as its entry (`data-pane-entry`), else its first control, else the pane. */
function focusInside(pane: HTMLElement): void {
  const entry =
    pane.querySelector<HTMLElement>('[data-pane-entry], .monaco-editor textarea') ??
    pane.querySelector<HTMLElement>(
      'input:not(:disabled), button:not(:disabled):not([tabindex="-1"]), [tabindex="0"]',
    ) ??
    pane;
  entry.focus();
}
