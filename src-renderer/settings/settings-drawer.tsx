// All settings of the chosen session, in a drawer. What one sets here is used at the next connect.
import { useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { activeSession, configOf, isRunning, useSessions } from '../stores/sessions.ts';
import { classNames } from '../ui/class-names.ts';
import { Dialog } from '../ui/dialog.tsx';
import { VariableSession } from '../variables/variable-session.ts';
import { InheritedNote } from './inherited-note.tsx';
import { sectionsOf } from './sections.ts';
import './settings.css';

export function SettingsDrawer() {
  const open = useDialogs((state) => state.settings);
  const session = useSessions(activeSession);
  if (!open || !session) return null;
  return <Drawer session={session} />;
}

function Drawer({ session }: { session: SessionState }) {
  const config = useSessions((state) => configOf(state, session.id) ?? session.config);
  const problem = useSessions((state) => state.editProblems[session.id]);
  const sections = sectionsOf(config);
  const [chosen, setChosen] = useState(() => useDialogs.getState().settingsAt.section);
  const section = sections.find((each) => each.id === chosen) ?? sections[0];
  if (!section) return null;
  return (
    <Dialog
      title={`Settings of ${config.name}`}
      variant="drawer"
      open
      onClose={() => useDialogs.setState({ settings: false })}
    >
      <div className="settings">
        <nav className="settings-nav" aria-label="Sections">
          {sections.map(({ id, label }) => (
            <button
              key={id}
              type="button"
              aria-current={id === section.id}
              {...(id === section.id ? { 'data-dialog-entry': true } : {})}
              className={classNames('settings-link', id === section.id && 'settings-link-active')}
              onClick={() => setChosen(id)}
            >
              {label}
            </button>
          ))}
        </nav>
        <div className="settings-body">
          {problem && (
            <p className="settings-problem" role="alert">
              {problem.what} {problem.next}
            </p>
          )}
          {isRunning(session) && !section.isImmediate && (
            <p className="settings-note">
              Changes take effect at the next {config.role === 'server' ? 'start' : 'connect'}.
            </p>
          )}
          <InheritedNote settings={session.inherited?.filter(({ path }) => section.holds(path)) ?? []} />
          <VariableSession value={session.id}>
            <section.Form id={session.id} config={config} />
          </VariableSession>
        </div>
      </div>
    </Dialog>
  );
}
