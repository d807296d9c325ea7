// Which of the floating things are open. One place, so that commands can open what a component draws.
import { create } from 'zustand';
import type { Movable } from './movable.ts';

/** Orders that need something typed first. */
export type ControlDialog = 'ping' | 'pong' | 'close' | 'rawFrame' | 'finish' | 'sendList';

interface Dialogs {
  palette: boolean;
  shortcuts: boolean;
  newSession: boolean;
  settings: boolean;
  /** Where the settings open: a section, and what is looked at in it. */
  settingsAt: { section?: string; item?: string };
  /** The service browser. */
  services: boolean;
  repeat: boolean;
  control: ControlDialog | null;
  /** Key of the row whose name is being typed in the tree. */
  renaming: string | null;
  /** A folder's path is being typed, of a workspace there is or of a new one. */
  workspace: 'open' | 'create' | null;
  environments: boolean;
  /** What a folder is being chosen for. */
  moving: Movable | null;
  /** A file of the workspace that cannot be used. */
  broken: { path: string; problem: string } | null;
}

export const useDialogs = create<Dialogs>(() => ({
  palette: false,
  shortcuts: false,
  newSession: false,
  settings: false,
  settingsAt: {},
  services: false,
  repeat: false,
  control: null,
  renaming: null,
  workspace: null,
  environments: false,
  moving: null,
  broken: null,
}));

/** Opens the settings of the chosen session; at a section, and at something in it. */
export function openSettings(section?: string, item?: string): void {
  useDialogs.setState({
    settings: true,
    settingsAt: { ...(section === undefined ? {} : { section }), ...(item === undefined ? {} : { item }) },
  });
}
