// Completion of field names in a filter being typed: which word the caret is in, which names fit it, what the text
// becomes. Knows nothing of the filter's grammar beyond what a name looks like.

import type { SessionConfig } from '../../src-main/core/session-config.ts';

export interface FieldName {
  name: string;
  label: string;
  type: string;
}

export interface Completion {
  /** The word being typed: [start, end) in the text. */
  start: number;
  end: number;
  names: FieldName[];
}

/** A filter that makes sense for such a session, to show in the empty field. */
export function exampleFilter({ role, protocol }: Pick<SessionConfig, 'role' | 'protocol'>): string {
  if (role === 'capture') return '"some words" or frame.len > 200';
  if (protocol === 'websocket') return 'websocket.opcode == 1';
  if (protocol === 'grpc') return 'grpc.status_code != 0';
  return `${protocol} contains "ready"`;
}

const NAME = /[A-Za-z_][A-Za-z0-9_.]*$/;
const WORDS = new Set([
  'and',
  'or',
  'not',
  'contains',
  'matches',
  'in',
  'true',
  'false',
  'xor',
  'eq',
  'ne',
  'gt',
  'lt',
]);

/**
 * Names for the word before the caret: those that begin with it, then those whose last part does, then those that
 * contain it in name or label. Undefined where no name is being typed, as within quotes.
 */
export function completeField(text: string, caret: number, fields: FieldName[], limit = 8): Completion | undefined {
  const before = text.slice(0, caret);
  if (insideQuotes(before)) return undefined;
  const word = NAME.exec(before)?.[0];
  if (!word || WORDS.has(word)) return undefined;
  const start = caret - word.length;
  const operand = /(==|!=|>=|<=|>|<|contains|matches|eq|ne|gt|lt)\s*$/.test(before.slice(0, start));
  if (operand) return undefined;
  const end = caret + (/^[A-Za-z0-9_.]*/.exec(text.slice(caret))?.[0].length ?? 0);
  const wanted = word.toLowerCase();
  const ranked: { rank: number; field: FieldName }[] = [];
  for (const field of fields) {
    const rank = rankOf(field, wanted);
    if (rank >= 0) ranked.push({ rank, field });
  }
  ranked.sort((a, b) => a.rank - b.rank || a.field.name.length - b.field.name.length);
  const names = ranked.slice(0, limit).map((entry) => entry.field);
  if (names.length === 0 || (names.length === 1 && names[0]?.name === text.slice(start, end))) return undefined;
  return { start, end, names };
}

/** The text with the name in place of the word, and where the caret goes. */
export function applyCompletion(text: string, completion: Completion, name: string): { text: string; caret: number } {
  return {
    text: text.slice(0, completion.start) + name + text.slice(completion.end),
    caret: completion.start + name.length,
  };
}

/** A filter that also demands `term`. */
export function withTerm(filter: string, term: string): string {
  const present = filter.trim();
  if (present === '') return term;
  return /\|\||\bor\b/.test(present) ? `(${present}) && ${term}` : `${present} && ${term}`;
}

function rankOf(field: FieldName, wanted: string): number {
  const name = field.name.toLowerCase();
  if (name.startsWith(wanted)) return 0;
  if (name.slice(name.lastIndexOf('.') + 1).startsWith(wanted)) return 1;
  if (name.includes(wanted) || field.label.toLowerCase().includes(wanted)) return 2;
  return -1;
}

function insideQuotes(text: string): boolean {
  let open = false;
  for (let at = 0; at < text.length; at += 1) {
    if (open && text[at] === '\\') at += 1;
    else if (text[at] === '"') open = !open;
  }
  return open;
}
