// One row of the tree: a section, a folder, a session with its live state, or a file that cannot be used.
import { ChevronRight, FileWarning, Folder, Radio } from 'lucide-react';
import { type CSSProperties, memo } from 'react';
import { shallow } from 'zustand/shallow';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { PhaseMark, phaseText } from '../shell/phase-mark.tsx';
import { PROTOCOL_LABELS } from '../stores/config-edit.ts';
import { classNames } from '../ui/class-names.ts';
import { MiddleCut } from '../ui/middle-cut.tsx';
import { diskText } from './disk-text.ts';
import type { TreeRow } from './tree-rows.ts';

export interface TreeRowViewProps {
  row: TreeRow;
  /** Of its element. */
  id: string;
  /** The chosen tab's. */
  isActive: boolean;
  /** Has the keyboard while the tree has it. */
  isCurrent: boolean;
  isCut: boolean;
  /** What is dragged would fall into it. */
  isDropTarget: boolean;
}

export const TreeRowView = memo(
  function TreeRowView({ row, id, isActive, isCurrent, isCut, isDropTarget }: TreeRowViewProps) {
    return (
      <div
        id={id}
        className={classNames(
          'tree-row',
          row.kind === 'section' && 'tree-section',
          isActive && 'tree-row-active',
          isCurrent && 'tree-row-current',
          isCut && 'tree-row-cut',
          isDropTarget && 'tree-row-drop',
        )}
        style={{ '--level': row.level - 1 } as CSSProperties}
        role="treeitem"
        aria-level={row.level}
        aria-posinset={row.position}
        aria-setsize={row.size}
        aria-expanded={'expanded' in row ? row.expanded : undefined}
        aria-selected={isActive}
        tabIndex={-1}
        data-key={row.key}
        title={titleOf(row)}
        draggable={row.kind !== 'section'}
      >
        <Content row={row} />
      </div>
    );
  },
  ({ row: oldRow, ...old }, { row, ...now }) => shallow(oldRow, row) && shallow(old, now),
);

function Content({ row }: { row: TreeRow }) {
  if (row.kind === 'session') return <SessionContent session={row.session} name={row.text} />;
  if (row.kind === 'broken') {
    return (
      <>
        <FileWarning className="tree-broken" size={13} strokeWidth={1.75} aria-hidden />
        <MiddleCut className="tree-text" name={row.text} />
        <span className="visually-hidden">cannot be used</span>
      </>
    );
  }
  return (
    <>
      <ChevronRight className="tree-chevron" size={12} strokeWidth={2} aria-hidden data-expanded={row.expanded} />
      {row.kind === 'folder' && <Folder className="tree-folder" size={13} strokeWidth={1.75} aria-hidden />}
      <MiddleCut className="tree-text" name={row.text} />
    </>
  );
}

function SessionContent({ session, name }: { session: SessionState; name: string }) {
  const mark = diskText(session);
  const { role, protocol } = session.config;
  const isServing = role === 'server' && session.phase === 'open' && session.connections > 0;
  return (
    <>
      <PhaseMark session={session} />
      <span className="visually-hidden">{phaseText(session)}</span>
      <MiddleCut className="tree-text" name={name} />
      {mark && (
        <span className={classNames('tree-mark', session.disk && 'tree-mark-disk')}>
          <span className="visually-hidden">{mark}</span>
        </span>
      )}
      {role !== 'capture' && (
        <span className="tree-kind">
          {role === 'server' && <Radio size={11} strokeWidth={2} aria-label="Server" />}
          {isServing ? session.connections : protocol === 'websocket' ? 'WS' : PROTOCOL_LABELS[protocol]}
        </span>
      )}
    </>
  );
}

function titleOf(row: TreeRow): string {
  if (row.kind === 'broken') return `${row.path}: ${row.problem}`;
  if (row.kind !== 'session') return row.path ? row.path : row.text;
  const { session, text, path } = row;
  const { config } = session;
  const address = (config.role === 'server' ? config.listen : config.target) || 'no address yet';
  const lines = [
    `${text}: ${phaseText(session)}${config.role === 'capture' ? '' : `, ${address}`}`,
    path,
    diskText(session),
  ];
  return lines.filter(Boolean).join('\n');
}
