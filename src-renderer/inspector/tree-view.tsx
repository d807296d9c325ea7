// A tree drawn as a list of the rows in sight: fields and decoded payloads look and move alike.
import { ChevronRight } from 'lucide-react';
import { type CSSProperties, type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { useVirtualScroll, VirtualRows } from '../timeline/virtual-rows.tsx';
import { type TreeNode, type TreeRow, treeKey } from './tree-rows.ts';
import './tree-view.css';

const ROW_PX = 22;

export interface TreeViewProps<N extends TreeNode> {
  label: string;
  rows: TreeRow<N>[];
  selected: string | undefined;
  onSelect(row: TreeRow<N>): void;
  onToggle(path: string): void;
  onHover(row: TreeRow<N> | undefined): void;
  children: (row: TreeRow<N>) => ReactNode;
}

export function TreeView<N extends TreeNode>(props: TreeViewProps<N>) {
  const { label, rows, selected, onSelect, onToggle, onHover, children } = props;
  const id = useId();
  const tree = useRef<HTMLDivElement>(null);
  const scroll = useVirtualScroll({ rows: rows.length, rowHeightPx: ROW_PX });
  const { show } = scroll;
  const at = rows.findIndex((row) => row.path === selected);

  useEffect(() => {
    if (at >= 0) show(at);
  }, [at, show]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = treeKey(rows, Math.max(0, at), event.key, scroll.perPage);
    if (!move) return;
    event.preventDefault();
    if ('toggle' in move) onToggle(move.toggle);
    else if (rows.length > 0) onSelect(rows[at < 0 ? 0 : move.to]!);
  };

  return (
    <div
      ref={tree}
      className="in-tree"
      role="tree"
      aria-label={label}
      aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
      tabIndex={0}
      data-pane-entry
      onKeyDown={onKeyDown}
      onMouseLeave={() => onHover(undefined)}
    >
      <VirtualRows scroll={scroll}>
        {(index) => {
          const row = rows[index]!;
          return (
            <div
              id={`${id}-${index}`}
              className="in-tree-row"
              role="treeitem"
              tabIndex={-1}
              aria-level={row.depth + 1}
              aria-posinset={row.position}
              aria-setsize={row.siblings}
              aria-expanded={row.hasChildren ? row.expanded : undefined}
              aria-selected={index === at}
              style={{ '--in-depth': row.depth } as CSSProperties}
              onMouseDown={(event) => {
                event.preventDefault();
                tree.current?.focus();
                onSelect(row);
              }}
              onDoubleClick={() => row.hasChildren && onToggle(row.path)}
              onMouseEnter={() => onHover(row)}
            >
              <span
                className="in-chevron"
                aria-hidden
                onMouseDown={(event) => {
                  if (!row.hasChildren) return;
                  event.preventDefault();
                  event.stopPropagation();
                  onToggle(row.path);
                }}
              >
                {row.hasChildren && <ChevronRight size={12} strokeWidth={2} data-open={row.expanded} />}
              </span>
              {children(row)}
            </div>
          );
        }}
      </VirtualRows>
    </div>
  );
}
