// Where all sessions are: the workspace's folders, the scratch area, captures; below them the history, as high as one
// leaves it. Typing into the field searches.
import { FolderOpen, Plus, Search, TriangleAlert } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Group, Panel } from 'react-resizable-panels';
import { useShallow } from 'zustand/react/shallow';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { HistorySection } from '../history/history-section.tsx';
import { useHistoryView } from '../history/history-view.ts';
import { commandShortcut, runCommand } from '../shell/commands.ts';
import { newSessionEntries } from '../shell/new-session-menu.ts';
import { useRememberedLayout } from '../shell/remembered-layout.ts';
import { Splitter } from '../shell/splitter.tsx';
import { openTab, useSessions } from '../stores/sessions.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Input } from '../ui/field.tsx';
import { Menu } from '../ui/menu.tsx';
import { SessionTree } from './session-tree.tsx';
import { treeRows } from './tree-rows.ts';
import { creationFolder, useTree } from './tree-store.ts';
import './sidebar.css';

export function Sidebar() {
  const workspace = useWorkspace(({ state }) => state);
  const sessions = useShownSessions();
  const folded = useTree((state) => state.folded);
  const [search, setSearch] = useState('');
  const rows = useMemo(
    () => treeRows({ workspace, sessions, folded: new Set(folded), search }),
    [workspace, sessions, folded, search],
  );
  const isSearching = search.trim() !== '';
  const hasHistory = useHistoryView((view) => view.open);
  const layout = useRememberedLayout('sidebar', hasHistory ? ['sessions', 'history'] : ['sessions']);
  return (
    <nav className="sidebar" aria-label="Sessions" data-pane="sidebar">
      <div className="sidebar-top">
        <div className="sidebar-filter">
          <Search size={13} strokeWidth={1.75} aria-hidden />
          <Input
            aria-label="Filter sessions"
            placeholder="Filter sessions"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            onKeyDown={(event) => {
              const first = rows.find((row) => row.kind === 'session');
              if (event.key === 'Escape' && search !== '') {
                setSearch('');
                event.stopPropagation();
              } else if (event.key === 'ArrowDown') focusTree();
              else if (event.key === 'Enter' && first?.kind === 'session') openTab(first.session.id);
            }}
          />
        </div>
        <NewSession />
      </div>
      <Group className="sidebar-panes" orientation="vertical" {...layout}>
        <Panel id="sessions" minSize="104px">
          <div className="sidebar-list">
            <LostFolder />
            {rows.length > 0 && <SessionTree rows={rows} />}
            {isSearching && rows.length === 0 && <p className="sidebar-none">No session matches.</p>}
            {!isSearching && <Emptiness hasSessions={sessions.size > 0} />}
          </div>
        </Panel>
        {hasHistory && (
          <>
            <Splitter label="Height of the history" />
            <Panel id="history" defaultSize="45%" minSize="120px">
              <HistorySection />
            </Panel>
          </>
        )}
      </Group>
      {!hasHistory && <HistorySection />}
    </nav>
  );
}

function focusTree(): void {
  document.querySelector<HTMLElement>('.tree')?.focus();
}

/** By id, under the names that were typed last. Whatever else is typed draws no row anew. */
function useShownSessions(): ReadonlyMap<string, SessionState> {
  const byId = useSessions((state) => state.byId);
  const order = useSessions((state) => state.order);
  const names = useSessions(
    useShallow(({ edits }) => Object.fromEntries(Object.entries(edits).map(([id, { name }]) => [id, name]))),
  );
  return useMemo(
    () =>
      new Map(
        order.flatMap((id) => {
          const session = byId[id];
          if (!session) return [];
          const name = names[id] ?? session.config.name;
          const isSame = name === session.config.name;
          return [[id, isSame ? session : { ...session, config: { ...session.config, name } }] as const];
        }),
      ),
    [byId, order, names],
  );
}

function NewSession() {
  const open = useTree((state) => state.newSession);
  const name = useWorkspace(({ state }) => state.name);
  // Whatever row one is at says where a new session goes.
  useTree((state) => state.focused);
  const isWorkspace = useWorkspace(({ state }) => state.folder !== null);
  const folder = creationFolder();
  const place = folder === undefined ? 'the scratch area' : folder === '' ? name : folder;
  return (
    <Menu
      entries={newSessionEntries(isWorkspace ? place : undefined)}
      align="end"
      open={open}
      onOpenChange={(newSession) => useTree.setState({ newSession })}
    >
      <IconButton label="Add session" icon={Plus} shortcut={commandShortcut('session.new')} />
    </Menu>
  );
}

/** Above the tree, which shows what was there. */
function LostFolder() {
  const problem = useWorkspace(({ state }) => state.problem);
  if (problem === undefined) return null;
  return (
    <p className="sidebar-lost selectable" role="alert">
      <TriangleAlert size={13} strokeWidth={1.75} aria-hidden />
      {problem}
    </p>
  );
}

function Emptiness({ hasSessions }: { hasSessions: boolean }) {
  const { folder, tree, truncated } = useWorkspace(({ state }) => state);
  const isLoading = useSessions((state) => state.loading === 'loading');
  if (truncated) return <p className="sidebar-none">{truncated}</p>;
  if (folder !== null) {
    if (tree.length > 0) return null;
    return <p className="sidebar-none">No session files in this folder yet. Begin with +, or drag sessions here.</p>;
  }
  if (isLoading) return null;
  if (!hasSessions)
    return <EmptyState title="No sessions yet" text="A session is a client, a server or a capture. Begin with +." />;
  return (
    <div className="sidebar-offer">
      <p>Keep sessions as files in a folder, next to your code.</p>
      <Button variant="ghost" icon={FolderOpen} onClick={() => runCommand('workspace.open')}>
        Open workspace…
      </Button>
    </div>
  );
}
