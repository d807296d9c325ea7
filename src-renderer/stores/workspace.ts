// The open workspace as the window knows it: folder, tree, environments, what can be undone. Mirrors the engine; orders
// go through workspace-actions.ts.
import { create } from 'zustand';
import type { WorkspaceState } from '../../src-main/bridge/contract.ts';
import { bridge } from '../bridge/bridge.ts';
import { NO_WORKSPACE } from './no-workspace.ts';
import { sameData } from './same-data.ts';

interface WorkspaceStore {
  state: WorkspaceState;
  /** Rises with every announcement: whoever asked for something of the workspace asks again. */
  revision: number;
}

export const useWorkspace = create<WorkspaceStore>(() => ({ state: NO_WORKSPACE, revision: 0 }));

/** Of the last question; answers that others overtook are late. */
let asked = 0;

/** Listens to the engine for the window's whole life. Call once. */
export function followWorkspace(): void {
  bridge.listen((announcement) => {
    if (announcement.type !== 'workspace') return;
    useWorkspace.setState(({ revision }) => ({ revision: revision + 1 }));
    void loadWorkspace();
  });
  bridge.onState((engine) => {
    if (engine === 'open') void loadWorkspace();
  });
}

/** Asks for the workspace's state. An engine that ends meanwhile is asked again when it is back. */
export async function loadWorkspace(): Promise<void> {
  asked += 1;
  const question = asked;
  const state = await bridge.call('workspace.state', {}).catch(() => undefined);
  if (state && question === asked) putWorkspace(state);
}

/** Takes over a state that the engine answered. */
export function putWorkspace(state: WorkspaceState): void {
  if (!sameData(useWorkspace.getState().state, state)) useWorkspace.setState({ state });
}
