// What the desktop remembers between starts, in one small JSON file: where the window stood, files opened lately, the theme,
// what was opted in to. A file that cannot be read is as good as none; a crash leaves the old one or the new.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { isTheme, type Theme } from './host.ts';
import { type Placement, parsePlacement } from './window-placement.ts';

/** As many as a menu shows without being searched. */
export const MAX_RECENT_FILES = 10;
/** Longer than any system's paths. */
const MAX_PATH_CHARS = 4096;

interface State {
  placement?: Placement;
  /** Latest first. */
  recentFiles: readonly string[];
  checkForUpdates: boolean;
  notify: boolean;
  /** That the interface chose: a window is of that colour before its page is there. */
  theme: Theme;
}

export class DesktopState {
  readonly #path: string;
  #state: State;

  constructor(path: string) {
    this.#path = path;
    this.#state = read(path);
  }

  get placement(): Placement | undefined {
    return this.#state.placement;
  }

  set placement(placement: Placement) {
    this.#change({ placement });
  }

  get recentFiles(): readonly string[] {
    return this.#state.recentFiles;
  }

  /** False until the user has asked for it. */
  get checkForUpdates(): boolean {
    return this.#state.checkForUpdates;
  }

  set checkForUpdates(checkForUpdates: boolean) {
    this.#change({ checkForUpdates });
  }

  /** False until the user has asked for it. */
  get notify(): boolean {
    return this.#state.notify;
  }

  set notify(notify: boolean) {
    this.#change({ notify });
  }

  get theme(): Theme {
    return this.#state.theme;
  }

  set theme(theme: Theme) {
    if (theme !== this.#state.theme) this.#change({ theme });
  }

  addRecentFile(path: string): void {
    const others = this.#state.recentFiles.filter((other) => other !== path);
    this.#change({ recentFiles: [path, ...others].slice(0, MAX_RECENT_FILES) });
  }

  removeRecentFile(path: string): void {
    this.#change({ recentFiles: this.#state.recentFiles.filter((other) => other !== path) });
  }

  clearRecentFiles(): void {
    this.#change({ recentFiles: [] });
  }

  #change(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    const temporary = `${this.#path}.tmp`;
    try {
      writeFileSync(temporary, `${JSON.stringify(this.#state, null, 2)}\n`, { mode: 0o600 });
      renameSync(temporary, this.#path);
    } catch {
      // A full or read-only disk: remembered until the app quits.
    }
  }
}

function read(path: string): State {
  let saved: { [key: string]: unknown } = {};
  try {
    saved = (JSON.parse(readFileSync(path, 'utf8')) ?? {}) as typeof saved;
  } catch {
    // None yet, or damaged.
  }
  const placement = parsePlacement(saved.placement);
  const files = Array.isArray(saved.recentFiles) ? saved.recentFiles : [];
  return {
    recentFiles: files.filter(isPath).slice(0, MAX_RECENT_FILES),
    checkForUpdates: saved.checkForUpdates === true,
    notify: saved.notify === true,
    theme: isTheme(saved.theme) ? saved.theme : 'system',
    ...(placement && { placement }),
  };
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_PATH_CHARS && isAbsolute(value);
}
