// The variables that the texts of each shown session can name. Asked when somebody shows a session, and again when a file,
// the environment, the session itself or a secret has changed.
import { useEffect } from 'react';
import { create } from 'zustand';
import type { VariableState } from '../../src-main/bridge/contract.ts';
import { bridge } from '../bridge/bridge.ts';
import { sameData } from '../stores/same-data.ts';
import { useSessions } from '../stores/sessions.ts';
import { useWorkspace } from '../stores/workspace.ts';

interface VariableStore {
  bySession: { readonly [id: string]: readonly VariableState[] };
}

const useStore = create<VariableStore>(() => ({ bySession: {} }));

/** How many show each session. */
const shown = new Map<string, number>();
/** Sessions whose question is under way, and whether it is to be asked again after that. */
const asking = new Map<string, { again: boolean }>();

/** undefined until they have been heard of. */
export function useVariables(session: string | undefined): readonly VariableState[] | undefined {
  useEffect(() => {
    if (session === undefined) return undefined;
    const count = shown.get(session) ?? 0;
    shown.set(session, count + 1);
    if (count === 0) void ask(session);
    return () => {
      const left = (shown.get(session) ?? 1) - 1;
      if (left > 0) shown.set(session, left);
      else shown.delete(session);
    };
  }, [session]);
  return useStore(({ bySession }) => (session === undefined ? undefined : bySession[session]));
}

/** Those that were heard of last. */
export function variablesOf(session: string): readonly VariableState[] | undefined {
  return useStore.getState().bySession[session];
}

/** Asks again for all that are shown. */
export function refreshVariables(): void {
  for (const session of shown.keys()) void ask(session);
}

async function ask(session: string): Promise<void> {
  const question = asking.get(session);
  if (question) {
    question.again = true;
    return;
  }
  const mine = { again: false };
  asking.set(session, mine);
  // Without an answer the old ones stay: a session that is gone has nobody to show it.
  const variables = await bridge.call('variables.list', { session }).catch(() => undefined);
  asking.delete(session);
  if (variables && !sameData(useStore.getState().bySession[session], variables))
    useStore.setState(({ bySession }) => ({ bySession: { ...bySession, [session]: variables } }));
  if (mine.again) void ask(session);
}

/** Listens for the window's whole life. Call once. */
export function followVariables(): void {
  useWorkspace.subscribe((now, old) => {
    if (now.revision !== old.revision || now.state !== old.state) refreshVariables();
  });
  useSessions.subscribe(({ byId, engine }, old) => {
    if (engine !== old.engine && engine === 'open') refreshVariables();
    if (byId === old.byId) return;
    for (const session of shown.keys()) {
      const [now, before] = [byId[session], old.byId[session]];
      // A script takes values from answers.
      const isOther =
        now?.config.variables !== before?.config.variables || now?.script?.running !== before?.script?.running;
      if (now && isOther) void ask(session);
    }
  });
}
