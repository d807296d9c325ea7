// The environments of the workspace: their names beside the variables of one. What is changed is written when the field
// is left. Values of secrets are given here and never shown again.
import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { bridge } from '../bridge/bridge.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { attempt } from '../stores/problem.ts';
import { useSessions } from '../stores/sessions.ts';
import { offerUndo } from '../stores/undoing.ts';
import { loadWorkspace, useWorkspace } from '../stores/workspace.ts';
import { selectEnvironment } from '../stores/workspace-actions.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { Dialog } from '../ui/dialog.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Input } from '../ui/field.tsx';
import { VariableSession } from '../variables/variable-session.ts';
import { environmentNameError } from './environment-name.ts';
import { EnvironmentTable } from './environment-table.tsx';
import { SecretNote } from './secret-note.tsx';
import './environment-editor.css';

export function EnvironmentEditor() {
  const open = useDialogs((state) => state.environments);
  if (!open) return null;
  return <Editor />;
}

/** What is being named: a new environment, or the chosen one. */
type Naming = 'new' | 'rename';

function Editor() {
  const { environments, environment } = useWorkspace(({ state }) => state);
  const [wanted, setWanted] = useState(environment);
  const [naming, setNaming] = useState<Naming>();
  /** Values name what any session of the workspace can name. */
  const session = useSessions((state) => state.order.find((id) => state.byId[id]?.place.in === 'workspace'));
  const chosen = wanted !== null && environments.includes(wanted) ? wanted : (environments[0] ?? null);

  const create = async (name: string) => {
    const isDone = await attempt(
      async () => (await bridge.call('environments.save', { name, variables: [] })) === null,
    );
    await loadWorkspace();
    if (!isDone) return;
    setWanted(name);
    if (environments.length === 0) await selectEnvironment(name);
  };

  const rename = async (old: string, name: string) => {
    const isDone = await attempt(
      async () => (await bridge.call('environments.rename', { name: old, to: name })) === null,
    );
    await loadWorkspace();
    if (isDone) setWanted(name);
  };

  const remove = async (name: string) => {
    const isDone = await attempt(async () => (await bridge.call('environments.remove', { name })) === null);
    await loadWorkspace();
    if (isDone) offerUndo(name, []);
  };

  const endNaming = (name: string | undefined) => {
    setNaming(undefined);
    if (name === undefined) return;
    if (naming === 'new') void create(name);
    else if (chosen !== null && name !== chosen) void rename(chosen, name);
  };

  return (
    <Dialog
      title="Environments"
      open
      className="environments"
      onClose={() => useDialogs.setState({ environments: false })}
    >
      <div className="environments-body">
        <nav className="environments-nav" aria-label="Environments">
          {environments.map((name) =>
            naming === 'rename' && name === chosen ? (
              <EnvironmentName
                key={name}
                name={name}
                taken={environments.filter((each) => each !== name)}
                onEnd={endNaming}
              />
            ) : (
              <button
                key={name}
                type="button"
                aria-current={name === chosen}
                {...(name === chosen ? { 'data-dialog-entry': true } : {})}
                className={classNames('settings-link', name === chosen && 'settings-link-active')}
                onClick={() => setWanted(name)}
                onDoubleClick={() => setNaming('rename')}
                onKeyDown={(event) => {
                  if (event.key === 'F2') setNaming('rename');
                }}
              >
                {name}
                {name === environment && <span className="environments-used">in use</span>}
              </button>
            ),
          )}
          {naming === 'new' && <EnvironmentName name="" taken={environments} onEnd={endNaming} />}
          <div className="environments-actions">
            <IconButton label="New environment" icon={Plus} onClick={() => setNaming('new')} />
            <IconButton
              label="Rename environment"
              icon={Pencil}
              shortcut="F2"
              disabled={chosen === null}
              onClick={() => setNaming('rename')}
            />
            <IconButton
              label="Delete environment"
              icon={Trash2}
              disabled={chosen === null}
              onClick={() => chosen !== null && void remove(chosen)}
            />
          </div>
        </nav>
        {chosen === null ? (
          <EmptyState
            title="No environments yet"
            text="An environment gives variables their values: one for your machine, one for staging. Texts name them as {{host}}."
          >
            <Button variant="primary" onClick={() => setNaming('new')}>
              New environment
            </Button>
          </EmptyState>
        ) : (
          <div className="environments-main">
            <VariableSession value={session}>
              <EnvironmentTable key={chosen} environment={chosen} />
            </VariableSession>
            <SecretNote />
          </div>
        )}
      </div>
    </Dialog>
  );
}

interface EnvironmentNameProps {
  name: string;
  taken: readonly string[];
  /** undefined: given up. */
  onEnd(name: string | undefined): void;
}

function EnvironmentName({ name, taken, onEnd }: EnvironmentNameProps) {
  const [typed, setTyped] = useState(name);
  const error = environmentNameError(typed, taken);
  return (
    <>
      <Input
        aria-label="Name of the environment"
        autoFocus
        value={typed}
        invalid={typed !== '' && error !== undefined}
        title={error}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => onEnd(error ? undefined : typed.trim())}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !error) onEnd(typed.trim());
        }}
      />
      {typed !== '' && error && <p className="field-error">{error}</p>}
    </>
  );
}
