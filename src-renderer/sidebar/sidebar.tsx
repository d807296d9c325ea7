// All sessions by role, with their live state. Arrows move, Enter opens, typing into the filter narrows.
import { Plus, Search } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { commandShortcut } from '../shell/commands.ts';
import { newSessionEntries } from '../shell/new-session-menu.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { deleteSession } from '../stores/session-actions.ts';
import { openTab, shownSessions, useSessions } from '../stores/sessions.ts';
import { IconButton } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Input } from '../ui/field.tsx';
import { Menu } from '../ui/menu.tsx';
import { SessionRow } from './session-row.tsx';
import './sidebar.css';

const GROUPS: { role: SessionState['config']['role']; label: string }[] = [
  { role: 'client', label: 'Clients' },
  { role: 'server', label: 'Servers' },
  { role: 'capture', label: 'Captures' },
];

/** Whether a session is found by what was typed. */
function isFound(session: SessionState, words: string[]): boolean {
  const { name, target = '', listen = '', protocol } = session.config;
  const text = `${name} ${target} ${listen} ${protocol}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

export function Sidebar() {
  const sessions = useSessions(useShallow(shownSessions));
  const [filter, setFilter] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found = sessions.filter((session) => isFound(session, words));

  /** Focuses the row `step` away; 0 the first. */
  const focusRow = (step: number) => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[role="option"]') ?? [])];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + step))]?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement) return;
    const id = (event.target as HTMLElement).dataset.session;
    const steps: { [key: string]: number } = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (step !== undefined) focusRow(step);
    else if (id && (event.key === 'Enter' || event.key === ' ')) openTab(id);
    else if (id && event.key === 'Delete') deleteSession(id);
    else if (id && event.key === 'F2') useDialogs.setState({ renaming: id });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <nav className="sidebar" aria-label="Sessions" data-pane="sidebar">
      <div className="sidebar-top">
        <div className="sidebar-filter">
          <Search size={13} strokeWidth={1.75} aria-hidden />
          <Input
            aria-label="Filter sessions"
            placeholder="Filter sessions"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setFilter('');
              else if (event.key === 'ArrowDown') focusRow(0);
              else if (event.key === 'Enter' && found[0]) openTab(found[0].id);
            }}
          />
        </div>
        <Menu entries={newSessionEntries()} align="end">
          <IconButton label="Add session" icon={Plus} shortcut={commandShortcut('session.new')} />
        </Menu>
      </div>
      <div className="sidebar-list" ref={list} role="listbox" aria-label="Sessions" tabIndex={-1} onKeyDown={onKeyDown}>
        {GROUPS.map(({ role, label }) => (
          <SessionGroup key={role} label={label} sessions={found.filter((session) => session.config.role === role)} />
        ))}
        {sessions.length > 0 && found.length === 0 && <p className="sidebar-none">No session matches.</p>}
        {sessions.length === 0 && (
          <EmptyState title="No sessions yet" text="A session is a client, a server or a capture. Begin with +." />
        )}
      </div>
    </nav>
  );
}

function SessionGroup({ label, sessions }: { label: string; sessions: SessionState[] }) {
  const active = useSessions((state) => state.active);
  if (sessions.length === 0) return null;
  return (
    <div role="group" aria-label={label}>
      <div className="sidebar-heading" aria-hidden>
        {label}
      </div>
      {sessions.map((session, index) => (
        <SessionRow
          key={session.id}
          session={session}
          isActive={session.id === active}
          isEntry={session.id === active || (index === 0 && !sessions.some((each) => each.id === active))}
        />
      ))}
    </div>
  );
}
