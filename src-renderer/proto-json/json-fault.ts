// What is wrong with text that JSON.parse refused, in words for the line beside the editor.
import { readJsonTree } from './json-tree.ts';

/** `Not JSON, line 2, column 5: A comma is wanted here.` The line is left out of text that has one. */
export function jsonFault(text: string, refusal: unknown): string {
  const fault = readJsonTree(text).faults[0];
  if (!fault) return `Not JSON: ${refusal instanceof Error ? refusal.message : String(refusal)}`;
  const before = text.slice(0, fault.start).split('\n');
  const column = `column ${(before.at(-1)?.length ?? 0) + 1}`;
  return `Not JSON, ${text.includes('\n') ? `line ${before.length}, ` : ''}${column}: ${fault.text}`;
}
