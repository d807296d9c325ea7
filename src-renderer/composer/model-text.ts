// Texts in Monaco's models.
import { monaco } from './monaco.ts';

/** Puts `text` in place of what differs, so that it can be undone and the caret stays. */
export function replaceText(model: monaco.editor.ITextModel, text: string): void {
  const old = model.getValue();
  if (old === text) return;
  let start = 0;
  const shorter = Math.min(old.length, text.length);
  while (start < shorter && old[start] === text[start]) start++;
  let end = 0;
  while (end < shorter - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
  const range = monaco.Range.fromPositions(model.getPositionAt(start), model.getPositionAt(old.length - end));
  model.pushEditOperations([], [{ range, text: text.slice(start, text.length - end) }], () => null);
  // Line ends of two kinds are made one by an edit.
  if (model.getValue() !== text) model.setValue(text);
}
