// The history: every capture of the data folder is a run, told by the manifest beside it. A run whose engine is gone, and
// that never ended, crashed. Several engines may share the folder.
import { randomUUID } from 'node:crypto';
import { uptime } from 'node:os';
import { resolve } from 'node:path';
import type { Input, Output, Run } from '../../bridge/contract.ts';
import type { LifecycleEvent } from '../../core/event.ts';
import type { SessionConfig } from '../../core/session-config.ts';
import { errorCode } from '../../core/system-error.ts';
import { withoutSecrets } from '../../workspace/secrets.ts';
import type { GroupHost } from '../methods.ts';
import { problem, problemOf } from '../problem.ts';
import type { LiveSource } from '../session/live-source.ts';
import type { Session } from '../session/session.ts';
import { Turns } from '../turns.ts';
import type { CaptureFolder, Removed } from './capture-folder.ts';
import { HistoryIndex, type StoredRun } from './folder-index.ts';
import { type RunManifest, readManifest, writeManifest } from './manifest.ts';
import { RunRecording } from './recording.ts';

/** Engines of this process: its number alone does not tell whether one is still there. */
const engines = new Set<string>();

type HistoryHost = Pick<GroupHost, 'sessions' | 'place' | 'forget' | 'changed' | 'log'>;

export class History {
  readonly #captures: CaptureFolder;
  readonly #index: HistoryIndex;
  readonly #host: HistoryHost;
  readonly #engine = randomUUID();
  /** By the path of the capture: those that have not ended. */
  readonly #running = new Map<string, RunRecording>();
  readonly #recordings = new WeakMap<LiveSource, RunRecording>();
  /** Files that others than sessions look into. */
  readonly #lookedAt = new Set<() => Iterable<string>>();
  /** What is done to the folder is done one thing after the other. */
  readonly #turns = new Turns();

  constructor(captures: CaptureFolder, host: HistoryHost) {
    this.#captures = captures;
    this.#index = new HistoryIndex(captures);
    this.#host = host;
    engines.add(this.#engine);
  }

  /** The file of a new run, and room for it. `config`: what is started, with the names of variables. */
  async record(session: Session, config: SessionConfig): Promise<RunRecording> {
    const startedAt = Date.now() * 1000;
    const path = await this.#captures.newPath(config.name, new Date());
    const { target, listen, role } = withoutSecrets(config);
    const peer = (role === 'client' ? target : listen) ?? '';
    const { path: file, root } = this.#host.place(session);
    const manifest: RunManifest = {
      wirescopeRun: 1,
      session: { id: session.id, path: file, workspace: root ?? null },
      name: config.name,
      startedAt,
      endedAt: null,
      peer: peer.replace(/[?#].*$/s, ''),
      counts: { records: 0, messages: 0, notes: 0, errors: 0 },
      result: 'running',
      text: '',
      label: null,
      kept: false,
      recorder: { pid: process.pid, engine: this.#engine },
    };
    await this.#turns.take(() => writeManifest(path, manifest)).catch(this.#report);
    const removed = await this.#turns.take(() => this.#makeRoom(path));
    const recording: RunRecording = new RunRecording({
      path,
      peer: manifest.peer,
      ...(removed.files > 0 && { event: removedEvent(removed) }),
      progressed: (progress) => {
        if (progress.endedAt !== null) this.#running.delete(path);
        const written = this.#turns.take(async () => {
          const known = await readManifest(path);
          // It may have been removed meanwhile.
          if (known) await writeManifest(path, { ...known, ...progress });
        });
        void written.catch(this.#report).then(() => this.#host.changed(session));
      },
      followed: (source) => this.#recordings.set(source, recording),
      dropped: async () => {
        this.#running.delete(path);
        await this.#turns.take(() => this.#removeAt(path)).catch(this.#report);
      },
    });
    this.#running.set(path, recording);
    return recording;
  }

  /** Says what the script of a run came to. */
  judge(source: LiveSource, ok: boolean, text: string): void {
    this.#recordings.get(source)?.judge(ok, text);
  }

  /** A page of runs, newest first, and how many there are in all. */
  async list({ session, from, count }: Input<'history.list'>): Promise<Output['history.list']> {
    const stored = await this.#turns.take(() => this.#index.runs());
    const sessionOf = this.#sessionsOfRuns();
    const matching = session === undefined ? stored : stored.filter(({ manifest }) => sessionOf(manifest) === session);
    const page = matching.slice(from, from + count);
    return { total: matching.length, runs: page.map((run) => this.#run(run, sessionOf)) };
  }

  /** Rejects with a ProblemError if there is none. */
  async find(id: string): Promise<Run> {
    return this.#run(await this.#turns.take(() => this.#stored(id)), this.#sessionsOfRuns());
  }

  /** Rejects with a ProblemError if there is none. */
  async mark(id: string, marks: Partial<Pick<RunManifest, 'label' | 'kept'>>): Promise<Run> {
    await this.#turns.take(async () => {
      const { path, manifest } = await this.#stored(id);
      await writeManifest(path, { ...manifest, ...marks });
    });
    return await this.find(id);
  }

  /** Removes a run that has ended, and sessions that only showed it. Rejects with a ProblemError if there is none. */
  async remove(id: string): Promise<void> {
    const run = await this.find(id);
    if (run.result === 'running')
      throw problem('This run goes on.', { next: 'Stop it, then remove it.', code: 'RUNNING' });
    for (const session of this.showing(run.path))
      if (this.#host.place(session).in === 'scratch') await this.#host.forget(session);
    await this.#turns.take(async () => this.#index.remove(await this.#stored(id)));
  }

  /** Removes a run that nobody has looked at, labelled or kept. Its session shows another one, or none. */
  async discard(source: LiveSource): Promise<void> {
    const path = this.#recordings.get(source)?.path;
    if (path === undefined || this.#inUse().has(path)) return;
    await this.#turns
      .take(async () => {
        const run = (await this.#index.captures()).find((each) => each.path === path);
        if (run && !run.manifest.kept && run.manifest.label === null) await this.#index.remove(run);
      })
      .catch(this.#report);
  }

  /** The id of the run that a source fills, or filled. */
  idOf(source: LiveSource): string | undefined {
    const recording = this.#recordings.get(source);
    return recording && this.#captures.stemOf(recording.path);
  }

  /** Sessions of role capture that a file was opened as. */
  showing(path: string): Session[] {
    return [...this.#host.sessions()].filter((session) => this.#fileOf(session) === path);
  }

  /** `paths`: of captures that must not be removed to make room. */
  protect(paths: () => Iterable<string>): void {
    this.#lookedAt.add(paths);
  }

  /** Resolves when all is written. */
  async dispose(): Promise<void> {
    await this.#turns.settled();
    engines.delete(this.#engine);
  }

  #fileOf(session: Session): string | undefined {
    const { role, file } = session.config;
    return role === 'capture' && file !== undefined ? resolve(this.#host.place(session).folder, file) : undefined;
  }

  /** Captures that run, or that somebody looks at. */
  #inUse(): Set<string> {
    const paths = new Set(this.#running.keys());
    for (const session of this.#host.sessions()) {
      const file = this.#fileOf(session);
      if (file !== undefined) paths.add(file);
      if (session.capture) paths.add(session.capture.path);
    }
    for (const look of this.#lookedAt) for (const path of look()) paths.add(path);
    return paths;
  }

  async #makeRoom(path: string): Promise<Removed> {
    const captures = await this.#index.captures();
    const kept = captures.filter(({ manifest }) => manifest.kept).map((run) => run.path);
    const inUse = this.#inUse().add(path);
    for (const run of captures)
      if (run.manifest.result === 'running' && this.#isAlive(run.manifest)) inUse.add(run.path);
    return await this.#captures.prune(captures, inUse, new Set(kept));
  }

  async #removeAt(path: string): Promise<void> {
    const run = (await this.#index.captures()).find((each) => each.path === path);
    if (run) await this.#index.remove(run);
  }

  /** The session that a run is of, by its id. An engine may have started since: then the place of its file tells. */
  #sessionsOfRuns(): (manifest: RunManifest) => string | null {
    const ids = new Set<string>();
    const byPlace = new Map<string, string>();
    for (const session of this.#host.sessions()) {
      const { path, root = null } = this.#host.place(session);
      ids.add(session.id);
      byPlace.set(JSON.stringify([path, root]), session.id);
    }
    return ({ session: { id, path, workspace } }) =>
      ids.has(id) ? id : (byPlace.get(JSON.stringify([path, workspace])) ?? null);
  }

  #run({ stem, path, sizeBytes, manifest }: StoredRun, sessionOf: (manifest: RunManifest) => string | null): Run {
    const { name, startedAt, endedAt, peer, result, text, kept, label } = manifest;
    const crashed = result === 'running' && !this.#isAlive(manifest);
    return {
      id: stem,
      path,
      session: sessionOf(manifest),
      name,
      startedAt,
      endedAt,
      peer,
      counts: this.#running.get(path)?.counts ?? manifest.counts,
      sizeBytes,
      result: crashed ? 'crashed' : result,
      text: crashed ? 'Wirescope ended before the run did.' : text,
      kept,
      label,
    };
  }

  #isAlive({ recorder, startedAt }: RunManifest): boolean {
    if (recorder.pid === process.pid) return engines.has(recorder.engine);
    const bootedAt = (Date.now() / 1000 - uptime()) * 1_000_000;
    if (startedAt < bootedAt) return false;
    try {
      process.kill(recorder.pid, 0);
      return true;
    } catch (error) {
      // It is there and somebody else's.
      return errorCode(error) === 'EPERM';
    }
  }

  async #stored(id: string): Promise<StoredRun> {
    const found = await this.#index.find(id);
    if (!found) throw problem('There is no such run.', { why: 'Its capture may have been removed.', code: 'NO_RUN' });
    return found;
  }

  /** Of what nobody waits for. */
  #report = (error: unknown): void => this.#host.log(`history: ${problemOf(error).what}`);
}

function removedEvent({ files, bytes }: Removed): LifecycleEvent {
  return {
    type: 'limit',
    severity: 'info',
    text: `Removed the ${files === 1 ? 'oldest capture' : `${files} oldest captures`} to keep the capture folder small`,
    fields: { files, bytes },
  };
}
