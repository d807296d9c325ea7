// Text with what was searched for marked in it.
import type { ReactNode } from 'react';
import { occurrences } from './visible-text.ts';

export function markedText(text: string, find: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const [start, end] of occurrences(text, find)) {
    parts.push(text.slice(from, start), <mark key={start}>{text.slice(start, end)}</mark>);
    from = end;
  }
  parts.push(text.slice(from));
  return parts;
}
