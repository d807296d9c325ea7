// What the desktop offers its window beside the bridge: types and channel names shared by main, preload and renderer.

/** `window.wirescope` in the desktop's renderer; absent in a browser. */
export interface DesktopHost {
  readonly platform: string;
  /** Asks for a port to the engine. It arrives as a `message` event of the window whose data is PORT_MESSAGE. */
  requestPort(): void;
  /** Starts the engine anew after it stopped; then request a port again. */
  restartEngine(): Promise<void>;
  /** Path of a dropped or chosen file. */
  pathOf(file: File): string;
  /** The system's open dialog; none if cancelled, one at most unless `several`. */
  chooseFiles(options: FileChoice): Promise<string[]>;
  /** The system's dialog for a folder, which it can make if `create`; null if cancelled. */
  chooseFolder(options: FolderChoice): Promise<string | null>;
  chooseSavePath(options: SaveChoice): Promise<string | null>;
  /** Asks for files of any kind the app knows, and opens them as sessions. */
  openFiles(): Promise<void>;
  /** Opens a file by its absolute path as a session: a capture, a session file, a .proto file. */
  openPath(path: string): Promise<void>;
  /** Shows a file in the system's file manager. */
  reveal(path: string): Promise<void>;
  /** The theme of the system's parts: menus, dialogs, a window whose page has not come up. */
  setTheme(theme: Theme): Promise<void>;
  /** A menu item was chosen: the id of a command of the renderer's registry. */
  onCommand(listener: (command: string) => void): () => void;
  /** A file was opened: the id of the session to show. */
  onShowSession(listener: (session: string) => void): () => void;
  /** The engine's process ended unasked; the argument says how. */
  onEngineStopped(listener: (reason: string) => void): () => void;
}

const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export function isTheme(value: unknown): value is Theme {
  return THEMES.some((theme) => theme === value);
}

export interface FileChoice {
  title: string;
  /** Without dots: `pcapng`. */
  extensions?: string[];
  several?: boolean;
}

export interface FolderChoice {
  title: string;
  create: boolean;
}

export interface SaveChoice {
  title: string;
  defaultName: string;
}

/** `data` of the window message that carries the port. */
export const PORT_MESSAGE = 'wirescope:port';

export const channels = {
  port: 'wirescope:port',
  requestPort: 'wirescope:request-port',
  restartEngine: 'wirescope:restart-engine',
  chooseFiles: 'wirescope:choose-files',
  chooseFolder: 'wirescope:choose-folder',
  chooseSavePath: 'wirescope:choose-save-path',
  openFiles: 'wirescope:open-files',
  openPath: 'wirescope:open-path',
  reveal: 'wirescope:reveal',
  setTheme: 'wirescope:set-theme',
  command: 'wirescope:command',
  showSession: 'wirescope:show-session',
  engineStopped: 'wirescope:engine-stopped',
} as const;
