// The open folder: what is in it, and orders about its files.
import { z } from 'zod';
import { workspacePath } from './inputs.ts';
import type { SessionState } from './sessions.ts';

export const workspaceMethods = {
  /** The open folder, its tree, its environments, and the folders that were open before. */
  'workspace.state': z.strictObject({}),
  /**
   * Opens a folder in place of the open one, whose sessions end, and again when the app starts the next time. The open one
   * itself stays as it is. A folder without wirescope.yaml is taken as it is, unless `create`: then it is made, with a
   * wirescope.yaml. Where there is none the code is NO_FOLDER.
   */
  'workspace.open': z.strictObject({ folder: z.string().min(1).max(4096), create: z.boolean().optional() }),
  /** Ends the sessions of the workspace; the scratch ones go on. */
  'workspace.close': z.strictObject({}),
  /** Leaves a folder out of those that were open before; the folder itself is not touched. */
  'workspace.forget': z.strictObject({ folder: z.string().min(1).max(4096) }),
  'workspace.createFolder': z.strictObject({ path: workspacePath }),
  /** Renames or moves a file or a folder; file names in the sessions follow. Never over something else. */
  'workspace.move': z.strictObject({ from: workspacePath, to: workspacePath }),
  /** A copy of a session beside it, under a free name. */
  'workspace.duplicate': z.strictObject({ path: workspacePath }),
  /** Moves a file, or a folder with all that is in it, to the trash in the data folder. */
  'workspace.remove': z.strictObject({ path: workspacePath }),
  /** Brings back what was removed last: see `WorkspaceState.undo`. */
  'workspace.undo': z.strictObject({}),
  /** Opens the bundled samples as a workspace: a copy in the data folder, which is the user's to change. */
  'workspace.openSamples': z.strictObject({}),
} as const;

export interface WorkspaceOutput {
  'workspace.state': WorkspaceState;
  'workspace.open': WorkspaceState;
  'workspace.close': null;
  'workspace.forget': null;
  'workspace.createFolder': null;
  'workspace.move': null;
  'workspace.duplicate': SessionState;
  'workspace.remove': null;
  'workspace.undo': null;
  'workspace.openSamples': WorkspaceState;
}

/** A file or folder of the workspace that has to do with sessions. `path`: see SessionPlace. */
export type TreeNode =
  | { kind: 'folder'; path: string; children: TreeNode[] }
  | { kind: 'session'; path: string; session: string }
  /** A session or settings file that cannot be used. */
  | { kind: 'broken'; path: string; problem: string };

export interface WorkspaceState {
  /** Absolute path; null: none is open. */
  folder: string | null;
  /** What its wirescope.yaml calls it, or the folder's name; '' if none is open. */
  name: string;
  /** Those that were open, newest first, the open one too. */
  recent: { folder: string; name: string }[];
  /** Of the folder's content: folders first, each by name. */
  tree: TreeNode[];
  /** There is more in the folder than is read: this says how much is. */
  truncated?: string;
  /** Why the folder cannot be read now, and what becomes of edits. The tree is what was found last. */
  problem?: string;
  environments: string[];
  /** Rises when a file of an environment may say something else. Absent: no folder is open. */
  environmentsRevision?: number;
  /** The selected one. */
  environment: string | null;
  /** What `workspace.undo` would bring back, for a menu: `Seed chat`. */
  undo: string | null;
}
