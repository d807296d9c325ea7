// Which of the floating things are open. One place, so that commands can open what a component draws.
import { create } from 'zustand';

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
  /** Session whose name is being typed in the sidebar. */
  renaming: string | null;
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
}));

/** Opens the settings of the chosen session; at a section, and at something in it. */
export function openSettings(section?: string, item?: string): void {
  useDialogs.setState({
    settings: true,
    settingsAt: { ...(section === undefined ? {} : { section }), ...(item === undefined ? {} : { item }) },
  });
}
