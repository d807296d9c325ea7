// Sessions and comparisons that are open, one tab each. Middle click or the cross closes; a session itself goes on.
import { Columns2, Plus, X } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { comparisonName, isComparison, useComparisons } from '../stores/comparisons.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { closeTab, configOf, openTab, stepTab, useSessions } from '../stores/sessions.ts';
import { IconButton } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { ContextMenu, Menu, type MenuEntry } from '../ui/menu.tsx';
import { MiddleCut } from '../ui/middle-cut.tsx';
import { AllTabs, useOverflow } from './all-tabs.tsx';
import { commandShortcut } from './commands.ts';
import { newSessionEntries } from './new-session-menu.ts';
import { PhaseMark, phaseText } from './phase-mark.tsx';
import './tab-bar.css';

export function TabBar() {
  const tabs = useSessions((state) => state.tabs);
  const active = useSessions((state) => state.active);
  const menuOpen = useDialogs((state) => state.newSession);
  const list = useRef<HTMLDivElement>(null);
  const overflows = useOverflow(list, tabs, active);
  return (
    <div className="tab-bar">
      <div
        ref={list}
        className="tab-bar-list"
        role="tablist"
        aria-label="Open sessions"
        onWheel={(event) => event.currentTarget.scrollBy({ left: event.deltaY })}
      >
        {tabs.map((id) => {
          const KindOfTab = isComparison(id) ? ComparisonTab : SessionTab;
          return <KindOfTab key={id} id={id} isActive={id === active} />;
        })}
      </div>
      {overflows && <AllTabs />}
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

interface TabOfProps {
  id: string;
  isActive: boolean;
}

function SessionTab({ id, isActive }: TabOfProps) {
  const session = useSessions((state): SessionState | undefined => state.byId[id]);
  const name = useSessions((state) => configOf(state, id)?.name ?? '');
  if (!session) return null;
  return (
    <Tab id={id} isActive={isActive} name={name} title={`${name}: ${phaseText(session)}`}>
      <PhaseMark session={session} />
      <span className="visually-hidden">{phaseText(session)}</span>
    </Tab>
  );
}

function ComparisonTab({ id, isActive }: TabOfProps) {
  const comparison = useComparisons((state) => state.byId[id]);
  if (!comparison) return null;
  const name = comparisonName(comparison);
  return (
    <Tab id={id} isActive={isActive} name={name} title={`Compared: ${name}`}>
      <Columns2 className="session-tab-comparison" size={13} strokeWidth={1.75} aria-hidden />
      <span className="visually-hidden">Compared</span>
    </Tab>
  );
}

/** `children`: what it is, before its name. */
function Tab({
  id,
  isActive,
  name,
  title,
  children,
}: TabOfProps & { name: string; title: string; children: ReactNode }) {
  const tab = (
    <div
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
        title={title}
        onClick={() => openTab(id)}
        onKeyDown={(event) => {
          if (event.key === 'Delete') closeTab(id);
          if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
          stepTab(event.key === 'ArrowRight' ? 1 : -1);
          const list = event.currentTarget.closest('[role="tablist"]');
          requestAnimationFrame(() => list?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
        }}
      >
        {children}
        <MiddleCut name={name} />
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
  return <ContextMenu entries={closings(id)}>{tab}</ContextMenu>;
}

function closings(id: string): MenuEntry[] {
  const closeAll = (spared?: string) => {
    for (const each of useSessions.getState().tabs) if (each !== spared) closeTab(each);
  };
  return [
    { text: 'Close', shortcut: commandShortcut('tab.close'), run: () => closeTab(id) },
    { text: 'Close others', run: () => closeAll(id) },
    { text: 'Close all', run: () => closeAll() },
  ];
}
