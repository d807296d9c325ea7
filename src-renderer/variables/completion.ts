// Completion of `{{` being typed: which variables fit, and what the text becomes. Pure.
import type { VariableState } from '../../src-main/bridge/contract.ts';

export interface VariableCompletion {
  /** [start, end) in the text that a choice replaces: from the braces to the end of the name, closing braces too. */
  start: number;
  end: number;
  variables: VariableState[];
}

const BEFORE = /\{\{\s*(\$?[\w.-]*)$/;
const AFTER = /^[\w.-]*\s*(?:\}\}?)?/;

/** Undefined where no reference is being typed, or nothing fits. Names that begin with what is typed come first. */
export function completeVariable(
  text: string,
  caret: number,
  variables: readonly VariableState[],
): VariableCompletion | undefined {
  const match = BEFORE.exec(text.slice(0, caret));
  if (!match) return undefined;
  const typed = match[1]!.toLowerCase();
  const ranked = variables
    .map((variable) => ({ variable, at: variable.name.toLowerCase().indexOf(typed) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => rank(a) - rank(b));
  const fitting = ranked.map(({ variable }) => variable);
  if (fitting.length === 0) return undefined;
  return { start: match.index, end: caret + (AFTER.exec(text.slice(caret))?.[0].length ?? 0), variables: fitting };
}

/** Those that begin with it, then those whose name after the `$` does, then the rest; dynamic ones last of each. */
function rank({ variable, at }: { variable: VariableState; at: number }): number {
  const isDynamic = variable.layer === 'dynamic';
  return (at === 0 ? 0 : at === 1 && isDynamic ? 1 : 2) * 2 + (isDynamic ? 1 : 0);
}

/** The reference that stands for a variable; and how far into it words are still to be typed, if they are. */
export function referenceTo({ name, layer, value }: VariableState): { text: string; caret: number } {
  const needsWords = layer === 'dynamic' && value === null;
  const text = needsWords ? `{{${name} }}` : `{{${name}}}`;
  return { text, caret: needsWords ? text.length - 2 : text.length };
}
