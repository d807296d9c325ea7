// The fields of a record: what each is called, what it says, and which bytes it was read from.
import { useMemo, useState } from 'react';
import type { Field, FieldValue } from '../../src-main/core/field.ts';
import { narrow } from '../timeline/row-actions.ts';
import { ContextMenu, type MenuEntry } from '../ui/menu.tsx';
import { fieldText } from './field-text.ts';
import type { SourceRange } from './hex-layout.ts';
import { reveal, type Toggled, type TreeRow, toggle, treeRows } from './tree-rows.ts';
import { TreeView } from './tree-view.tsx';
import { Visible } from './visible.tsx';

/** Characters of a value that are drawn: no screen shows more on one line. */
const VALUE_CHARS = 500;

export interface FieldTreeProps {
  session: string;
  fields: Field[];
  /** Path of the selected field. */
  selected: string | undefined;
  onSelect(path: string, range: SourceRange | undefined): void;
  onHover(range: SourceRange | undefined): void;
}

export function FieldTree({ session, fields, selected, onSelect, onHover }: FieldTreeProps) {
  const [toggled, setToggled] = useState<Toggled>(new Set());
  const [shown, setShown] = useState(selected);
  // A field chosen by its bytes is shown even if it lies in a closed branch.
  if (selected !== shown) {
    setShown(selected);
    if (selected !== undefined) setToggled(reveal(toggled, selected));
  }
  const rows = useMemo(() => treeRows(fields, toggled), [fields, toggled]);
  const field = rows.find((row) => row.path === selected)?.node;
  return (
    <ContextMenu entries={menuOf(session, field)}>
      <div className="in-pane">
        <TreeView
          label="Fields"
          rows={rows}
          selected={selected}
          onSelect={(row) => onSelect(row.path, rangeOf(row.node))}
          onToggle={(path) => setToggled(toggle(toggled, path))}
          onHover={(row) => onHover(row && rangeOf(row.node))}
        >
          {(row) => <FieldCells row={row} />}
        </TreeView>
      </div>
    </ContextMenu>
  );
}

function FieldCells({ row }: { row: TreeRow<Field> }) {
  const field = row.node;
  const text = fieldText(field);
  return (
    <span className="in-field" title={titleOf(field)}>
      <span className={row.hasChildren && row.depth === 0 ? 'in-field-label in-strong' : 'in-field-label'}>
        {field.label}
      </span>
      <span className="in-field-value data">
        <Visible text={text.length > VALUE_CHARS ? `${text.slice(0, VALUE_CHARS)}…` : text} />
      </span>
    </span>
  );
}

/** The bytes of a field, if it was read from any. */
export function rangeOf(field: Field): SourceRange | undefined {
  return field.length > 0 ? { source: field.source ?? 0, start: field.start, length: field.length } : undefined;
}

function titleOf(field: Field): string {
  const parts = [field.name];
  if (field.length > 0) parts.push(`bytes ${field.start}–${field.start + field.length - 1}`);
  if (field.mask !== undefined) parts.push(`bits 0x${field.mask.toString(16).padStart(2, '0')}`);
  return parts.join(' · ');
}

function menuOf(session: string, field: Field | undefined): MenuEntry[] {
  if (!field) return [{ text: 'Select a field first', disabled: true, run: () => undefined }];
  const copy = (text: string) => () => void navigator.clipboard.writeText(text);
  const term = filterTerm(field.name, field.value);
  return [
    { text: 'Copy value', run: copy(field.value === null ? fieldText(field) : String(field.value)) },
    { text: 'Copy name and value', run: copy(`${field.label}: ${fieldText(field)}`) },
    { text: 'Copy field name', hint: field.name, run: copy(field.name) },
    { type: 'separator' },
    {
      text: 'Filter by this value',
      hint: term.length > 40 ? `${term.slice(0, 40)}…` : term,
      run: () => narrow(session, term),
    },
  ];
}

/** A filter for records whose field has this value; for those that have the field, where a value cannot be compared. */
function filterTerm(name: string, value: FieldValue): string {
  if (value === null) return name;
  if (typeof value !== 'string') return `${name} == ${value}`;
  return `${name} == "${value.replace(/[\\"]/g, '\\$&')}"`;
}
