// Sessions that are open, one tab each. Middle click or the cross closes; the session itself goes on.
import { Plus, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { closeTab, configOf, openTab, stepTab, useSessions } from '../stores/sessions.ts';
import { IconButton } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { Menu } from '../ui/menu.tsx';
import { commandShortcut } from './commands.ts';
import { newSessionEntries } from './new-session-menu.ts';
import { PhaseMark, phaseText } from './phase-mark.tsx';
import './tab-bar.css';

export function TabBar() {
  const tabs = useSessions((state) => state.tabs);
  const active = useSessions((state) => state.active);
  const menuOpen = useDialogs((state) => state.newSession);
  return (
    <div className="tab-bar">
      <div className="tab-bar-list" role="tablist" aria-label="Open sessions">
        {tabs.map((id) => (
          <SessionTab key={id} id={id} isActive={id === active} />
        ))}
      </div>
      <Menu
        entries={newSessionEntries()}
        open={menuOpen}
        onOpenChange={(newSession) => useDialogs.setState({ newSession })}
      >
        <IconButton label="New session" icon={Plus} shortcut={commandShortcut('session.new')} />
      </Menu>
    </div>
  );
}

function SessionTab({ id, isActive }: { id: string; isActive: boolean }) {
  const session = useSessions((state): SessionState | undefined => state.byId[id]);
  const name = useSessions((state) => configOf(state, id)?.name);
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) element.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [isActive]);
  if (!session) return null;
  return (
    <div
      ref={element}
      className={classNames('session-tab', isActive && 'session-tab-active')}
      role="presentation"
      onAuxClick={(event) => event.button === 1 && closeTab(id)}
    >
      <button
        type="button"
        className="session-tab-button"
        role="tab"
        aria-selected={isActive}
        tabIndex={isActive ? 0 : -1}
        title={`${name}: ${phaseText(session)}`}
        onClick={() => openTab(id)}
        onKeyDown={(event) => {
          if (event.key === 'Delete') closeTab(id);
          if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
          stepTab(event.key === 'ArrowRight' ? 1 : -1);
          const list = event.currentTarget.closest('[role="tablist"]');
          requestAnimationFrame(() => list?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
        }}
      >
        <PhaseMark session={session} />
        <span className="visually-hidden">{phaseText(session)}</span>
        <span className="session-tab-name">{name}</span>
      </button>
      <button
        type="button"
        className="session-tab-close"
        aria-label={`Close tab ${name}`}
        tabIndex={-1}
        onClick={() => closeTab(id)}
      >
        <X size={12} strokeWidth={2} aria-hidden />
      </button>
    </div>
  );
}
