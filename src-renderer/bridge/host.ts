// The desktop's `window.wirescope`, or undefined in a browser. The renderer may not import from desktop/, so its side of
// the agreement is declared here; test/renderer/bridge/host.test.ts holds it to the other side.

/** What only a desktop can do for its window. */
export interface DesktopHost {
  /** `process.platform`: darwin, win32, linux … */
  readonly platform: string;
  /** Asks for a port to the engine. It arrives as a `message` event of the window whose data is PORT_MESSAGE. */
  requestPort(): void;
  /** Starts the engine anew after it stopped; then request a port again. */
  restartEngine(): Promise<void>;
  /** Path of a dropped or chosen file; '' if it has none. */
  pathOf(file: File): string;
  /** The system's open dialog; null if cancelled. Extensions without dots. */
  chooseFile(options: { title: string; extensions?: string[] }): Promise<string | null>;
  /** The system's save dialog; null if cancelled. */
  chooseSavePath(options: { title: string; defaultName: string }): Promise<string | null>;
  /** Shows a file in the system's file manager. */
  reveal(path: string): Promise<void>;
  /** A menu item was chosen: the id of a command. Returns its own undoing. */
  onCommand(listener: (command: string) => void): () => void;
  /** The engine's process ended unasked; the argument says how. Returns its own undoing. */
  onEngineStopped(listener: (reason: string) => void): () => void;
}

declare global {
  interface Window {
    readonly wirescope?: DesktopHost;
  }
}

/** `data` of the window message that carries the port. */
export const PORT_MESSAGE = 'wirescope:port';

export const desktop: DesktopHost | undefined = window.wirescope;

/** Command is the modifier of shortcuts on a Mac, Control elsewhere. */
export const isMac = /mac/i.test(navigator.platform);
