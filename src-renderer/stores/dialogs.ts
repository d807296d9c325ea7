// Which of the floating things are open. One place, so that commands can open what a component draws.
import { create } from 'zustand';

/** Orders that need something typed first. */
export type ControlDialog = 'ping' | 'pong' | 'close' | 'rawFrame';

interface Dialogs {
  palette: boolean;
  shortcuts: boolean;
  newSession: boolean;
  settings: boolean;
  repeat: boolean;
  control: ControlDialog | null;
  /** Session whose name is being typed in the sidebar. */
  renaming: string | null;
}

export const useDialogs = create<Dialogs>(() => ({
  palette: false,
  shortcuts: false,
  newSession: false,
  settings: false,
  repeat: false,
  control: null,
  renaming: null,
}));
