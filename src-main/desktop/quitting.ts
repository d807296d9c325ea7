// The way out: asks once while sessions run, then lets the engine finish its captures. The system's own shutdown is
// never held up by a question.
import { app, BrowserWindow, dialog, powerMonitor } from 'electron';
import type { EngineProcess } from './engine-process.ts';
import { isLive } from './live-session.ts';

/** Time the engine gets to finish its captures when the app quits. */
const QUIT_GRACE_MS = 3000;
/** An engine that does not say what runs within this time is not waited for. */
const ANSWER_MS = 1000;

export class Quitting {
  readonly #engine: EngineProcess;
  #state: 'running' | 'asking' | 'agreed' | 'stopped' = 'running';

  constructor(engine: EngineProcess) {
    this.#engine = engine;
    app.on('before-quit', (event) => {
      if (this.mayQuit()) return;
      event.preventDefault();
    });
    app.on('will-quit', (event) => {
      if (this.#state === 'stopped') return;
      event.preventDefault();
      void engine.stop(QUIT_GRACE_MS).then(() => {
        this.#state = 'stopped';
        app.quit();
      });
    });
  }

  /** The system goes down: nobody is asked. Call when the app is ready. */
  followSystem(): void {
    powerMonitor.on('shutdown', () => this.#agree());
  }

  /** Whether the app may quit now. If not, the user is being asked, and it quits when they agree. */
  mayQuit(window?: BrowserWindow): boolean {
    if (this.#state === 'agreed' || this.#state === 'stopped') return true;
    if (this.#state === 'running') {
      this.#state = 'asking';
      void this.#ask(window);
    }
    return false;
  }

  async #ask(window: BrowserWindow | undefined): Promise<void> {
    const names = await this.#runningSessions();
    if (names.length > 0 && !(await confirmed(names, window))) {
      this.#state = 'running';
      return;
    }
    this.#agree();
    app.quit();
  }

  #agree(): void {
    if (this.#state !== 'stopped') this.#state = 'agreed';
  }

  async #runningSessions(): Promise<string[]> {
    const listing = this.#engine.bridge()?.call('sessions.list', {}) ?? Promise.resolve([]);
    const late = new Promise<[]>((resolve) => setTimeout(() => resolve([]), ANSWER_MS));
    const sessions = await Promise.race([listing.catch(() => []), late]);
    return sessions.filter(isLive).map((session) => session.config.name);
  }
}

async function confirmed(names: readonly string[], window: BrowserWindow | undefined): Promise<boolean> {
  const one = names.length === 1;
  const question = {
    type: 'question' as const,
    title: 'Quit Wirescope',
    message: one ? `“${names[0]}” is running.` : `${names.length} sessions are running.`,
    detail: one ? 'Quitting ends it. Its capture is kept.' : 'Quitting ends them. Their captures are kept.',
    buttons: ['Quit', 'Cancel'],
    defaultId: 0,
    cancelId: 1,
  };
  const parent = window ?? BrowserWindow.getFocusedWindow();
  const { response } = await (parent ? dialog.showMessageBox(parent, question) : dialog.showMessageBox(question));
  return response === 0;
}
