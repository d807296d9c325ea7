// A session in the sidebar: state, name, what it is; its menu; its name being changed.
import { Copy, Pencil, Play, Square, Trash2 } from 'lucide-react';
import { type FocusEvent, memo } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { commandShortcut } from '../shell/commands.ts';
import { PhaseMark, phaseText } from '../shell/phase-mark.tsx';
import { PROTOCOL_LABELS } from '../stores/config-edit.ts';
import { useDialogs } from '../stores/dialogs.ts';
import {
  deleteSession,
  duplicateSession,
  renameSession,
  startSession,
  stopSession,
} from '../stores/session-actions.ts';
import { configOf, isRunning, openTab, useSessions } from '../stores/sessions.ts';
import { classNames } from '../ui/class-names.ts';
import { Input } from '../ui/field.tsx';
import { ContextMenu, type MenuEntry } from '../ui/menu.tsx';

export interface SessionRowProps {
  session: SessionState;
  isActive: boolean;
  /** Takes the focus when one tabs into the list. */
  isEntry: boolean;
}

export const SessionRow = memo(function SessionRow({ session, isActive, isEntry }: SessionRowProps) {
  const renaming = useDialogs((state) => state.renaming === session.id);
  const name = useSessions((state) => configOf(state, session.id)?.name ?? session.config.name);
  if (renaming) return <NameField id={session.id} name={name} />;
  return (
    <ContextMenu entries={entriesOf(session)}>
      <div
        className={classNames('session-row', isActive && 'session-row-active')}
        role="option"
        aria-selected={isActive}
        tabIndex={isEntry ? 0 : -1}
        data-session={session.id}
        title={`${name}: ${phaseText(session)}${session.config.role === 'capture' ? '' : `, ${address(session)}`}`}
        onClick={() => openTab(session.id)}
        onKeyDown={() => {}}
      >
        <PhaseMark session={session} />
        <span className="visually-hidden">{phaseText(session)}</span>
        <span className="session-row-name">{name}</span>
        <span className="session-row-kind">
          {session.phase === 'open' && session.config.role === 'server' && session.connections > 0
            ? session.connections
            : shortKind(session)}
        </span>
      </div>
    </ContextMenu>
  );
});

function address({ config }: SessionState): string {
  return (config.role === 'server' ? config.listen : config.target) || 'no address yet';
}

function shortKind({ config }: SessionState): string {
  if (config.role === 'capture') return '';
  return config.protocol === 'websocket' ? 'WS' : PROTOCOL_LABELS[config.protocol];
}

function entriesOf(session: SessionState): MenuEntry[] {
  const { id, config } = session;
  const server = config.role === 'server';
  const running = isRunning(session);
  return [
    ...(config.role === 'capture'
      ? []
      : ([
          running
            ? { text: server ? 'Stop' : 'Disconnect', icon: Square, run: () => void stopSession(id) }
            : { text: server ? 'Listen' : 'Connect', icon: Play, run: () => void startSession(id) },
          { type: 'separator' },
        ] satisfies MenuEntry[])),
    {
      text: 'Rename',
      icon: Pencil,
      shortcut: commandShortcut('session.rename'),
      // After the menu has given the focus back.
      run: () => setTimeout(() => useDialogs.setState({ renaming: id })),
    },
    {
      text: 'Duplicate',
      icon: Copy,
      shortcut: commandShortcut('session.duplicate'),
      disabled: config.role === 'capture',
      run: () => void duplicateSession(id),
    },
    { type: 'separator' },
    { text: 'Delete', icon: Trash2, danger: true, run: () => deleteSession(id) },
  ];
}

/** Enter or leaving takes the name, Escape leaves it as it was. */
function NameField({ id, name }: { id: string; name: string }) {
  const end = (value?: string) => {
    useDialogs.setState({ renaming: null });
    if (value !== undefined) renameSession(id, value);
  };
  return (
    <div className="session-rename">
      <Input
        aria-label="Name of the session"
        autoFocus
        defaultValue={name}
        onFocus={(event: FocusEvent<HTMLInputElement>) => event.target.select()}
        onBlur={(event) => end(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          else if (event.key === 'Escape') {
            event.currentTarget.value = name;
            end();
          }
        }}
      />
    </div>
  );
}
