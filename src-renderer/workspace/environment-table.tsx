// The variables of one environment: name, value, whether it is a secret; and always an empty row to go on typing.
import { X } from 'lucide-react';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { bridge } from '../bridge/bridge.ts';
import { attempt } from '../stores/problem.ts';
import { sameData } from '../stores/same-data.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { IconButton } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { useListKeys } from '../ui/list-keys.ts';
import { Checkbox } from '../ui/switch.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import { type EnvironmentRow, environmentRows, environmentVariables, variableError } from './environment-rows.ts';
import { SecretValue } from './secret-value.tsx';

/** What is typed is saved after so long, however fast more follows. */
const SAVE_AFTER_MS = 300;

const EMPTY_ROW: EnvironmentRow = { name: '', value: '', secret: false };

export function EnvironmentTable({ environment }: { environment: string }) {
  const element = useRef<HTMLFieldSetElement>(null);
  const { rows, edit, save } = useEnvironment(environment, element);
  const shown = [...(rows ?? []), EMPTY_ROW];
  const { keys, remove } = useListKeys(shown.length);
  if (!rows) return <p className="settings-note">Reading {environment}</p>;

  const change = (at: number, patch: Partial<EnvironmentRow>): EnvironmentRow[] => {
    const next = shown.map((row, index) => (index === at ? { ...row, ...patch } : row));
    const isStillEmpty = sameData(next.at(-1), EMPTY_ROW);
    return edit(isStillEmpty ? next.slice(0, -1) : next);
  };

  /** A value that becomes a secret moves to where secrets are kept, before it leaves the file. */
  const setSecret = async (at: number, secret: boolean) => {
    const { name = '', value = '' } = shown[at] ?? {};
    if (secret && name !== '' && value !== '') {
      const isKept = await attempt(
        async () => (await bridge.call('secrets.set', { name: name.trim(), value })) === null,
      );
      if (!isKept) return;
    }
    save(change(at, { secret, value: '' }));
  };

  return (
    <fieldset
      className="environment-table"
      aria-label={`Variables of ${environment}`}
      ref={element}
      onBlur={() => save(rows)}
    >
      <div className="environment-row environment-head" aria-hidden>
        <span>Name</span>
        <span>Value</span>
        <span>Secret</span>
      </div>
      {shown.map((row, at) => {
        const error = variableError(shown, at);
        return (
          <div key={keys[at]}>
            <div className="environment-row">
              <Input
                data
                aria-label={`Name ${at + 1}`}
                placeholder={at === rows.length ? 'Add a variable' : 'Name'}
                value={row.name}
                invalid={error !== undefined}
                onChange={(event) => change(at, { name: event.target.value })}
                onKeyDown={(event) => event.key === 'Enter' && save(rows)}
              />
              {row.secret ? (
                <SecretValue name={row.name.trim()} label={`Value ${at + 1}`} />
              ) : (
                <VariableInput
                  data
                  aria-label={`Value ${at + 1}`}
                  placeholder="Value"
                  value={row.value}
                  onChange={(event) => change(at, { value: event.target.value })}
                  onKeyDown={(event) => event.key === 'Enter' && save(rows)}
                />
              )}
              <Checkbox
                isSilent
                label={`Secret ${at + 1}`}
                checked={row.secret}
                onChange={(secret) => void setSecret(at, secret)}
              />
              <IconButton
                label="Remove"
                icon={X}
                disabled={at === rows.length}
                onClick={() => {
                  remove(at);
                  save(edit(rows.filter((_, index) => index !== at)));
                }}
              />
            </div>
            {error && <p className="field-error">{error}</p>}
          </div>
        );
      })}
    </fieldset>
  );
}

/** The rows as typed, and as the file has them: read again when it changes and nobody is typing. */
function useEnvironment(name: string, element: RefObject<HTMLElement | null>) {
  const [rows, setRows] = useState<EnvironmentRow[]>();
  const saved = useRef<EnvironmentRow[]>(undefined);
  useEffect(() => {
    let current = true;
    const read = async () => {
      const answer = await attempt(() => bridge.call('environments.get', { name }));
      const isTyping = element.current?.contains(document.activeElement) ?? false;
      if (!current || (saved.current && isTyping)) return;
      saved.current = environmentRows(answer?.variables ?? []);
      setRows(saved.current);
    };
    void read();
    const stop = useWorkspace.subscribe(({ state, revision }, old) => {
      // Of one that is just being deleted nothing is left to read.
      if (revision === old.revision && state.environments.includes(name)) void read();
    });
    return () => {
      current = false;
      stop();
    };
  }, [name, element]);

  const typed = useRef<EnvironmentRow[]>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const save = useCallback(
    (next: EnvironmentRow[]) => {
      clearTimeout(timer.current);
      timer.current = undefined;
      const variables = environmentVariables(next);
      const base = saved.current && environmentVariables(saved.current);
      if (!variables || sameData(variables, base)) return;
      saved.current = next;
      void attempt(() => bridge.call('environments.save', { name, variables, ...(base && { base }) }));
    },
    [name],
  );
  const edit = (next: EnvironmentRow[]) => {
    setRows(next);
    typed.current = next;
    timer.current ??= setTimeout(() => save(typed.current ?? []), SAVE_AFTER_MS);
    return next;
  };
  // Leaving does not wait.
  useEffect(() => () => (timer.current === undefined ? undefined : save(typed.current ?? [])), [save]);
  return { rows, edit, save };
}
