// Where a session's file lies, as far as what it does depends on it.
import type { SessionPlace } from '../../bridge/contract.ts';
import type { SettingsOf } from '../../workspace/settings-file.ts';

/** What surrounds a session on the disk. */
export interface Place extends SessionPlace {
  /** Absolute path of the folder its file lies in: file names in its config are relative to it. */
  folder: string;
  /** The workspace's folder; absent for a scratch session. */
  root?: string;
  /** Where the settings begin that hold for it: the workspace's folder, or one above. Absent for a scratch session. */
  settingsRoot?: string;
  /** The wirescope.yaml files that hold for it, farthest first. */
  settings: readonly SettingsOf[];
}
