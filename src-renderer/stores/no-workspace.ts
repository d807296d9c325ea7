import type { WorkspaceState } from '../../src-main/bridge/contract.ts';

/** The state while no folder is open. */
export const NO_WORKSPACE: WorkspaceState = {
  folder: null,
  name: '',
  recent: [],
  tree: [],
  environments: [],
  environment: null,
  undo: null,
};
