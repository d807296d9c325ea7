// One session file of a workspace and the config somebody edits meanwhile. Saving and following the disk are one thing:
// what both sides made of the text they last had in common is merged; where they contradict each other nothing is
// written, and it is said where. What is written keeps comments and the order of keys.
import { basename } from 'node:path';
import type { SessionConfig } from '../core/session-config.ts';
import type { Draft } from './drafts.ts';
import { merge } from './merge.ts';
import { mergeConfigs } from './merge-configs.ts';
import { isSame } from './plain.ts';
import { withoutSecrets } from './secrets.ts';
import { formatSessionFile, NEWER_FORMAT, parseSessionFile } from './session-file.ts';
import { SessionFileError } from './session-file-error.ts';
import { readText, replaceText } from './whole-file.ts';
import { locateForWriting } from './workspace-path.ts';
import { editYaml } from './yaml-edit.ts';

export interface DocumentHost {
  /** The workspace's folder: links that lead out of it are not written through. */
  readonly root: string;
  /** The config as it is now. */
  config(): SessionConfig;
  /** The file says something that the config has to take over. */
  apply(config: SessionConfig): void;
  /** `unsaved` or `disk` are others. */
  changed(): void;
  /** It could not be saved. It is tried again. */
  failed(error: unknown): void;
  /** It is saved after all. */
  recovered(): void;
  /** Keeps what cannot be saved over the end of the process; undefined: forgets it, all is saved. */
  keepDraft(draft: Draft | undefined): Promise<void>;
}

/** What keeps the file from being written. */
export type DiskTrouble =
  /** `conflicts`: places, as `merge` names them. */
  | { state: 'changed'; conflicts: string[] }
  | { state: 'removed' }
  /** What is in the file is no session, or one of a later format, which nobody writes over. `problem`: why, with its line. */
  | { state: 'broken' | 'newer'; problem: string };

/** What the file and the config last had in common. */
interface Base {
  text: string;
  config: SessionConfig;
}

/** An edit is on the disk after so long, however fast others follow. */
const SAVE_AFTER_MS = 250;
/** A disk that is full may have room again. */
const RETRY_AFTER_MS = 5000;

export class SessionDocument {
  /** Absolute. */
  path: string;
  readonly #host: DocumentHost;
  #base: Base;
  #unsaved = false;
  #disk: DiskTrouble | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  /** Of the last draft that was kept. */
  #drafted: SessionConfig | undefined;
  #failed = false;
  #disposed = false;

  /** `text`: what the file holds, and `config` what it says. */
  constructor(path: string, text: string, config: SessionConfig, host: DocumentHost) {
    this.path = path;
    this.#host = host;
    this.#base = { text, config };
  }

  /** The text that the file had when it was last read or written. */
  get text(): string {
    return this.#base.text;
  }

  /** The config has changes that the file does not have. */
  get unsaved(): boolean {
    return this.#unsaved;
  }

  get disk(): DiskTrouble | undefined {
    return this.#disk;
  }

  /** Nothing is being read or written. */
  get idle(): boolean {
    return this.#running === undefined;
  }

  /** The config has changed: saves it soon. */
  touch(): void {
    this.#unsaved = !isSame(withoutSecrets(this.#host.config()), this.#base.config);
    if (this.#disposed || !this.#unsaved) return;
    this.#timer ??= setTimeout(() => void this.sync(), SAVE_AFTER_MS);
  }

  /** The config was made of another than the file's last: what the file said since is merged into it. */
  rebase(config: SessionConfig): void {
    this.#base = { text: '', config: withoutSecrets(config) };
    this.#drafted = undefined;
  }

  /**
   * The config is about to be overruled by an edit that was made of `known`: what came from the file since then counts as
   * not seen, so that the file contradicts the edit.
   */
  unlearn(known: SessionConfig): void {
    const config = withoutSecrets(this.#host.config());
    this.rebase(merge(config, this.#base.config, withoutSecrets(known)).value as SessionConfig);
  }

  /** Brings file and config together, as far as they do not contradict each other. Never rejects. */
  sync(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again = true;
    this.#running ??= this.#run();
    return this.#running;
  }

  /**
   * Ends what `disk` tells: with `mine` a file that is gone, or is no session, is written anew. Rejects with a
   * SessionFileError if it cannot be ended so, or as writing does.
   */
  async resolve(take: 'mine' | 'theirs'): Promise<void> {
    while (this.#running) await this.#running;
    const file = await readText(this.path);
    if (file === undefined) return take === 'mine' ? await this.#writeAnew(undefined) : await this.sync();
    const read = this.#read(file);
    if ('fault' in read) {
      if (take === 'theirs' || read.trouble.state === 'newer') throw read.fault;
      return await this.#writeAnew(file);
    }
    const theirs = read.config;
    const mine = this.#host.config();
    const [first, second] = take === 'mine' ? [mine, theirs] : [theirs, mine];
    this.#host.apply(mergeConfigs(this.#base.config, first, second).config);
    this.#base = { text: file, config: theirs };
    this.#unsaved = true;
    this.#trouble(undefined);
    await this.sync();
  }

  /** The session is gone: once this has resolved nothing is read or written any more. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#timer);
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (this.#again && !this.#disposed) {
        this.#again = false;
        if (!(await this.#syncOnce())) this.#again = true;
      }
      if (this.#failed) {
        this.#failed = false;
        this.#host.recovered();
      }
      await this.#keep();
    } catch (error) {
      this.#failed = true;
      this.#host.failed(error);
      if (!this.#disposed) this.#timer ??= setTimeout(() => void this.sync(), RETRY_AFTER_MS).unref();
      await this.#keep().catch(() => {});
    } finally {
      this.#running = undefined;
    }
  }

  /** False: somebody else wrote at the same time, so all is to be looked at again. */
  async #syncOnce(): Promise<boolean> {
    const file = await readText(this.path).catch((error: unknown) => {
      this.#trouble(this.#fault(error).trouble);
      return null;
    });
    if (file === null) return true;
    if (file === undefined) {
      this.#trouble({ state: 'removed' });
      return true;
    }
    if (file !== this.#base.text || this.#disk) {
      if (!this.#follow(file)) return true;
      this.#trouble(undefined);
    }
    const config = withoutSecrets(this.#host.config());
    if (!isSame(config, this.#base.config)) {
      const text = editYaml(file, config);
      const path = await locateForWriting(this.#host.root, this.path);
      if (!(await replaceText(path, file, text))) return false;
      this.#base = { text, config };
    }
    this.#settle();
    return true;
  }

  /** Takes over what the file says. False if it cannot be. */
  #follow(file: string): boolean {
    const read = this.#read(file);
    if ('fault' in read) {
      this.#trouble(read.trouble);
      return false;
    }
    const theirs = read.config;
    const mine = this.#host.config();
    const { config, conflicts } = mergeConfigs(this.#base.config, mine, theirs);
    if (conflicts.length > 0) {
      this.#trouble({ state: 'changed', conflicts });
      return false;
    }
    this.#base = { text: file, config: theirs };
    if (!isSame(config, mine)) this.#host.apply(config);
    return true;
  }

  /** In place of `before`, which says nothing: with the comments of the text that it had last. */
  async #writeAnew(before: string | undefined): Promise<void> {
    const config = withoutSecrets(this.#host.config());
    const path = await locateForWriting(this.#host.root, this.path);
    const text = this.#base.text === '' ? formatSessionFile(config) : editYaml(this.#base.text, config);
    if (!(await replaceText(path, before, text))) return await this.resolve('mine');
    this.#base = { text, config };
    this.#trouble(undefined);
    this.#settle();
  }

  async #keep(): Promise<void> {
    const config = (this.#disk || this.#failed) && this.#unsaved ? withoutSecrets(this.#host.config()) : undefined;
    if (isSame(config, this.#drafted)) return;
    this.#drafted = config;
    await this.#host.keepDraft(config && { base: this.#base.config, config });
  }

  #read(text: string): { config: SessionConfig } | { fault: SessionFileError; trouble: DiskTrouble } {
    try {
      return { config: parseSessionFile(text, basename(this.path)) };
    } catch (error) {
      return this.#fault(error);
    }
  }

  /** What is wrong with the file; throws what is not about that. */
  #fault(fault: unknown): { fault: SessionFileError; trouble: DiskTrouble } {
    if (!(fault instanceof SessionFileError)) throw fault;
    const { what: problem, code } = fault.problem;
    return { fault, trouble: { state: code === NEWER_FORMAT ? 'newer' : 'broken', problem } };
  }

  #trouble(disk: DiskTrouble | undefined): void {
    if (isSame(disk, this.#disk)) return;
    this.#disk = disk;
    this.#host.changed();
  }

  #settle(): void {
    const unsaved = !isSame(withoutSecrets(this.#host.config()), this.#base.config);
    if (unsaved !== this.#unsaved) {
      this.#unsaved = unsaved;
      this.#host.changed();
    }
    if (unsaved) this.#timer ??= setTimeout(() => void this.sync(), SAVE_AFTER_MS);
  }
}
