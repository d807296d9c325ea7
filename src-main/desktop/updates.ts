// Updates: looked for when asked, or at the start by those who opted in; downloaded when agreed to; installed when the
// app quits, never before. electron-updater verifies what it downloads and is loaded by the first look only.
import type { AppUpdater, UpdateInfo } from 'electron-updater';

/** Release notes longer than a message box. */
const MAX_NOTES_CHARS = 1500;

export interface UpdatesHost {
  loadUpdater(): Promise<AppUpdater>;
  /** Asks with two buttons; whether the first was chosen. */
  ask(question: { message: string; detail: string; yes: string; no: string }): Promise<boolean>;
  tell(message: string, detail: string): Promise<void>;
  quit(): void;
  log(text: string): void;
}

export class Updates {
  readonly #host: UpdatesHost;
  #looking = false;

  constructor(host: UpdatesHost) {
    this.#host = host;
  }

  /** Looks once. `asked`: by the user, who is told of everything; else only of an update. Never rejects. */
  async look({ asked }: { asked: boolean }): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      await this.#look(asked);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#host.log(`Looking for updates failed: ${reason}`);
      if (asked) await this.#host.tell('No update was installed.', firstLine(reason));
    } finally {
      this.#looking = false;
    }
  }

  async #look(asked: boolean): Promise<void> {
    const { ask, tell, quit } = this.#host;
    const updater = await this.#prepared();
    const found = await updater.checkForUpdates();
    if (!found?.isUpdateAvailable) {
      if (asked) await tell('Wirescope is up to date.', `Version ${updater.currentVersion.version} is the latest.`);
      return;
    }
    const { version } = found.updateInfo;
    const wanted = await ask({
      message: `Wirescope ${version} is available.`,
      detail: `You have ${updater.currentVersion.version}.\n\n${notesOf(found.updateInfo)}`.trim(),
      yes: 'Download',
      no: 'Not now',
    });
    if (!wanted) return;
    await updater.downloadUpdate();
    const now = await ask({
      message: `Wirescope ${version} is ready.`,
      detail: 'It was verified, and is installed when you quit.',
      yes: 'Quit and install',
      no: 'Later',
    });
    if (now) quit();
  }

  async #prepared(): Promise<AppUpdater> {
    const updater = await this.#host.loadUpdater();
    updater.autoDownload = false;
    // What was downloaded was agreed to.
    updater.autoInstallOnAppQuit = true;
    updater.allowDowngrade = false;
    updater.allowPrerelease = false;
    return updater;
  }
}

/** Release notes as plain text: from GitHub they come as HTML. */
export function notesOf({ releaseNotes }: Pick<UpdateInfo, 'releaseNotes'>): string {
  const html = Array.isArray(releaseNotes)
    ? releaseNotes.map(({ note }) => note ?? '').join('\n')
    : (releaseNotes ?? '');
  const text = html
    .replace(/<li[^>]*>/gi, '\n• ')
    .replace(/<\/(p|h\d|ul|ol|li)>|<br\s*\/?>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(lt|gt|quot|#39|amp);/g, (_whole, name: string) => ENTITIES[name] ?? '')
    .replace(/[^\P{Cc}\n]|\p{Cf}/gu, '')
    .replace(/\s*\n\s*\n\s*/g, '\n')
    .trim();
  return text.length > MAX_NOTES_CHARS ? `${text.slice(0, MAX_NOTES_CHARS)}…` : text;
}

const ENTITIES: { readonly [name: string]: string } = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
