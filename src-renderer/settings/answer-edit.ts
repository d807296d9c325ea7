// A scripted answer as its form shows it, and back: pure.
import type { Answer, Duration, Match } from '../../src-main/core/session-config.ts';

export type MatchKind = 'any' | 'text' | 'contains' | 'matches' | 'json' | 'hex';

export interface MatchForm {
  kind: MatchKind;
  text: string;
}

/** Begins the kind of a reply that is a saved message; its name follows. */
export const REPLY_SAVED = 'saved:';

export interface ReplyForm {
  /** none, text, hex, or REPLY_SAVED with a name. */
  kind: string;
  text: string;
  /** Further replies, which the form does not show. */
  more: number;
}

/** A rule of whatever protocol. */
type Conditional = { when?: Match | undefined };

/** The condition; of several the first. JSON that is not yet complete is kept as the string that was typed. */
export function matchOf({ when }: Conditional): MatchForm {
  if (when?.text !== undefined) return { kind: 'text', text: when.text };
  if (when?.contains !== undefined) return { kind: 'contains', text: when.contains };
  if (when?.matches !== undefined) return { kind: 'matches', text: when.matches };
  if (when?.hex !== undefined) return { kind: 'hex', text: when.hex };
  if (when && 'json' in when) {
    return { kind: 'json', text: typeof when.json === 'string' ? when.json : JSON.stringify(when.json) };
  }
  return { kind: 'any', text: '' };
}

export function changeMatchKind<A extends Conditional>(answer: A, kind: MatchKind): A {
  return withMatchText(answer, kind, matchOf(answer).text);
}

export function withMatchText<A extends Conditional>(answer: A, kind: MatchKind, text: string): A {
  const { when: _old, ...rest } = answer;
  if (kind === 'any') return rest as A;
  return { ...rest, when: { [kind]: kind === 'json' ? jsonOrText(text) : text } } as A;
}

function jsonOrText(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : text;
  } catch {
    return text;
  }
}

/** What is wrong with the condition, as it is typed. */
export function matchError({ kind, text }: MatchForm): string | undefined {
  if (kind === 'matches') {
    try {
      new RegExp(text);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  if (kind === 'json' && typeof jsonOrText(text) === 'string') return 'A JSON object, as {"type": "hello"}.';
  if (kind === 'hex' && !/^([0-9a-f]{2})*$/i.test(text.replace(/\s/g, ''))) return 'Whole bytes of hex.';
  return undefined;
}

export function replyOf({ reply }: Answer): ReplyForm {
  const [first, ...others] = reply ?? [];
  const more = others.length;
  if (first === undefined) return { kind: 'none', text: '', more };
  if (typeof first === 'string') return { kind: REPLY_SAVED + first, text: '', more };
  if ('text' in first) return { kind: 'text', text: first.text, more };
  if ('hex' in first) return { kind: 'hex', text: first.hex, more };
  if ('json' in first) return { kind: 'text', text: JSON.stringify(first.json), more };
  return { kind: 'text', text: '', more };
}

export function withReply(answer: Answer, kind: string, text: string): Answer {
  const { reply: _old, ...rest } = answer;
  if (kind === 'none') return rest;
  if (kind.startsWith(REPLY_SAVED)) return { ...rest, reply: [kind.slice(REPLY_SAVED.length)] };
  return { ...rest, reply: [kind === 'hex' ? { hex: text } : { text }] };
}

export function withDelay<A extends { delay?: Duration | undefined }>(answer: A, delay: Duration | undefined): A {
  const { delay: _old, ...rest } = answer;
  return (delay === undefined ? rest : { ...rest, delay }) as A;
}

export function withClose(answer: Answer, close: NonNullable<Answer['close']> | undefined): Answer {
  const { close: _old, ...rest } = answer;
  return close === undefined ? rest : { ...rest, close };
}
