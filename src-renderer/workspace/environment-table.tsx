// The variables of one environment: what is typed goes into its file soon, and what others write there is shown.
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { bridge } from '../bridge/bridge.ts';
import { attempt, problemOf } from '../stores/problem.ts';
import { sameData } from '../stores/same-data.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { type VariableRow, variableRows, variablesOfRows } from '../variables/variable-rows.ts';
import { VariableTable } from '../variables/variable-table.tsx';

/** What is typed is saved after so long, however fast more follows. */
const SAVE_AFTER_MS = 300;

export function EnvironmentTable({ environment }: { environment: string }) {
  const element = useRef<HTMLFieldSetElement>(null);
  const { rows, fault, edit, save } = useEnvironment(environment, element);
  if (fault !== undefined)
    return (
      <p className="settings-warning" role="alert">
        {fault}
      </p>
    );
  if (!rows) return <p className="settings-note">Reading {environment}</p>;
  return <VariableTable ref={element} label={`Variables of ${environment}`} rows={rows} onEdit={edit} onSave={save} />;
}

/** The rows as typed, and as the file has them: read again when it changes and nobody is typing. */
function useEnvironment(name: string, element: RefObject<HTMLElement | null>) {
  const [rows, setRows] = useState<VariableRow[]>();
  /** Why the file cannot be read. */
  const [fault, setFault] = useState<string>();
  const saved = useRef<VariableRow[]>(undefined);
  useEffect(() => {
    let current = true;
    const read = async () => {
      const answer = await bridge.call('environments.get', { name }).catch((error: unknown) => problemOf(error).what);
      const isTyping = element.current?.contains(document.activeElement) ?? false;
      if (!current || (saved.current && isTyping)) return;
      setFault(typeof answer === 'string' ? answer : undefined);
      if (typeof answer === 'string') return;
      saved.current = variableRows(answer.variables);
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

  const typed = useRef<VariableRow[]>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const save = useCallback(
    (next: VariableRow[]) => {
      clearTimeout(timer.current);
      timer.current = undefined;
      const variables = variablesOfRows(next);
      const base = saved.current && variablesOfRows(saved.current);
      if (!variables || sameData(variables, base)) return;
      const before = saved.current;
      saved.current = next;
      const order = { name, variables, ...(base && { base }) };
      void attempt(async () => (await bridge.call('environments.save', order)) === null).then((isDone) => {
        // With the next edit it is tried again.
        if (!isDone && saved.current === next) saved.current = before;
      });
    },
    [name],
  );
  const edit = (next: VariableRow[]) => {
    setRows(next);
    typed.current = next;
    timer.current ??= setTimeout(() => save(typed.current ?? []), SAVE_AFTER_MS);
  };
  // Leaving does not wait.
  useEffect(() => () => (timer.current === undefined ? undefined : save(typed.current ?? [])), [save]);
  return { rows, fault, edit, save };
}
