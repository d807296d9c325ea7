// What is odd about a record, worst first, with where the rule stands.
import { CircleX, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { NoteDefinition, Severity } from '../../src-main/core/field.ts';

const ICONS: Record<Severity, LucideIcon> = { error: CircleX, warning: TriangleAlert, info: Info };
const WORDS: Record<Severity, string> = { error: 'Error', warning: 'Warning', info: 'Remark' };
const ORDER: readonly Severity[] = ['error', 'warning', 'info'];

export function NoteList({ notes }: { notes: NoteDefinition[] }) {
  if (notes.length === 0) return null;
  const sorted = [...notes].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  return (
    <ul className="in-notes" aria-label="Notes">
      {sorted.map((note) => {
        const Icon = ICONS[note.severity];
        return (
          <li key={note.text} className={`in-note in-note-${note.severity}`}>
            <Icon size={13} strokeWidth={2} role="img" aria-label={WORDS[note.severity]} />
            <span className="selectable">
              {note.text} {note.source !== '' && <span className="in-faint">{note.source}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
