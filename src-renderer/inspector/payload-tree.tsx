// A structured payload as a tree: values with their types and, for protobuf, the other readings of the same bytes.
import { useMemo, useState } from 'react';
import type { PayloadNode } from '../../src-main/bridge/contract.ts';
import { ContextMenu, type MenuEntry } from '../ui/menu.tsx';
import { cutText } from './cut-text.ts';
import type { ByteRange } from './hex-layout.ts';
import { reveal, type Toggled, toggle, treeRows } from './tree-rows.ts';
import { TreeView } from './tree-view.tsx';
import { Visible } from './visible.tsx';

/** Deeper than fields: payloads are read for what is inside. */
const OPEN_DEPTH = 4;
/** Characters of a value that are drawn. */
const VALUE_CHARS = 500;

export interface PayloadTreeProps {
  tree: PayloadNode[];
  selected: string | undefined;
  onSelect(path: string, range: ByteRange | undefined): void;
  onHover(range: ByteRange | undefined): void;
}

export function PayloadTree({ tree, selected, onSelect, onHover }: PayloadTreeProps) {
  const [toggled, setToggled] = useState<Toggled>(new Set());
  const [shown, setShown] = useState(selected);
  if (selected !== shown) {
    setShown(selected);
    if (selected !== undefined) setToggled(reveal(toggled, selected, OPEN_DEPTH));
  }
  const rows = useMemo(() => treeRows(tree, toggled, OPEN_DEPTH), [tree, toggled]);
  const node = rows.find((row) => row.path === selected)?.node;
  return (
    <ContextMenu entries={menuOf(node)}>
      <div className="in-pane">
        <TreeView
          label="Decoded payload"
          rows={rows}
          selected={selected}
          onSelect={(row) => onSelect(row.path, rangeOf(row.node))}
          onToggle={(path) => setToggled(toggle(toggled, path))}
          onHover={(row) => onHover(row && rangeOf(row.node))}
        >
          {(row) => <NodeCells node={row.node} isRoot={row.depth === 0} />}
        </TreeView>
      </div>
    </ContextMenu>
  );
}

function rangeOf(node: PayloadNode): ByteRange | undefined {
  return node.length > 0 ? { start: node.start, length: node.length } : undefined;
}

function NodeCells({ node, isRoot }: { node: PayloadNode; isRoot: boolean }) {
  const { value, type, cut, alternatives } = node;
  // The whole payload needs no name.
  const label = isRoot && node.label === 'value' ? '' : node.label;
  const shown = value.length > VALUE_CHARS ? `${value.slice(0, VALUE_CHARS)}…` : value;
  return (
    <span className="in-node data">
      {label !== '' && (
        <span className="in-token-key">
          <Visible text={label} />
        </span>
      )}
      {value !== '' && (
        <span className={`in-token-${kindOf(node)}`}>
          <Visible text={shown} />
        </span>
      )}
      <span className="in-type">{type}</span>
      {cut && <span className="in-cut-value">{cutText(cut)}</span>}
      {alternatives?.map((other) => (
        <span key={other.type} className="in-alternative" title={`Also readable as ${other.type}`}>
          or {other.type} <Visible text={other.value.slice(0, VALUE_CHARS)} />
        </span>
      ))}
    </span>
  );
}

/** Which colour a value has. */
function kindOf({ type, value }: PayloadNode): string {
  if (/^(str|text|string)/i.test(type)) return 'string';
  if (/^-?[\d.]/.test(value)) return 'number';
  return /^(true|false|null|nil|undefined)$/.test(value) ? 'word' : 'plain';
}

function menuOf(node: PayloadNode | undefined): MenuEntry[] {
  if (!node) return [{ text: 'Select a value first', disabled: true, run: () => undefined }];
  const copy = (text: string) => () => void navigator.clipboard.writeText(text);
  return [
    { text: 'Copy value', disabled: node.value === '', run: copy(node.value) },
    { text: 'Copy name', disabled: node.label === '', run: copy(node.label) },
    ...(node.alternatives ?? []).map(({ type, value }) => ({ text: `Copy as ${type}`, run: copy(value) })),
  ];
}
