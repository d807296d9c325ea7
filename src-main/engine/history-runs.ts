// The history: every capture of the data folder is a run, told by the manifest beside it. A run whose engine is gone, and
// that never ended, crashed. Several engines may share the folder.
import { randomUUID } from 'node:crypto';
import { uptime } from 'node:os';
import { resolve } from 'node:path';
import type { Run } from '../bridge/contract.ts';
import type { LifecycleEvent } from '../core/event.ts';
import type { SessionConfig } from '../core/session-config.ts';
import { withoutSecrets } from '../workspace/secrets.ts';
import type { CaptureFolder, Removed, StoredCapture } from './capture-folder.ts';
import { type RunManifest, readManifest, writeManifest } from './history-manifest.ts';
import { RunRecording } from './history-recording.ts';
import type { LiveSource } from './live-source.ts';
import type { GroupHost } from './methods.ts';
import { problem, problemOf } from './problem.ts';
import type { Session } from './session.ts';

/** Engines of this process: its number alone does not tell whether one is still there. */
const engines = new Set<string>();

/** `Seed-chat-20260728-170900`, `Seed-chat-20260728-170900-2`. */
const STAMPED = /^(.*)-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(?:-\d+)?$/;

type HistoryHost = Pick<GroupHost, 'sessions' | 'place' | 'forget' | 'changed' | 'log'>;

export class History {
  readonly #captures: CaptureFolder;
  readonly #host: HistoryHost;
  readonly #engine = randomUUID();
  /** By the path of the capture: those that have not ended. */
  readonly #running = new Map<string, RunRecording>();
  readonly #recordings = new WeakMap<LiveSource, RunRecording>();
  /** What is done to manifests is done one thing after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(captures: CaptureFolder, host: HistoryHost) {
    this.#captures = captures;
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
    await this.#inTurn(() => writeManifest(path, manifest));
    const removed = await this.#makeRoom(path);
    const recording: RunRecording = new RunRecording({
      path,
      peer: manifest.peer,
      ...(removed.files > 0 && { event: removedEvent(removed) }),
      progressed: (progress) => {
        if (progress.endedAt !== null) this.#running.delete(path);
        void this.#inTurn(async () => {
          const known = await readManifest(path);
          // It may have been removed meanwhile.
          if (known) await writeManifest(path, { ...known, ...progress });
        }).then(() => this.#host.changed(session));
      },
      followed: (source) => this.#recordings.set(source, recording),
      dropped: async () => {
        this.#running.delete(path);
        await this.#inTurn(async () => {
          const capture = await this.#stored(path);
          if (capture) await this.#captures.remove(capture);
        });
      },
    });
    this.#running.set(path, recording);
    return recording;
  }

  /** Says what the script of a run came to. */
  judge(source: LiveSource, ok: boolean, text: string): void {
    this.#recordings.get(source)?.judge(ok, text);
  }

  /** All runs, newest first. */
  async list(): Promise<Run[]> {
    await this.#turn;
    const captures = await this.#captures.captures();
    const sessions = [...this.#host.sessions()];
    const runs = await Promise.all(
      captures.map(async (capture) => {
        const manifest = await readManifest(capture.path);
        // Somebody reserved the name and crashed before anything was in it.
        if (!manifest && capture.sizeBytes === 0) return [];
        return [this.#run(capture, manifest ?? guessed(capture), sessions)];
      }),
    );
    return runs.flat().sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1));
  }

  /** Rejects with a ProblemError if there is none. */
  async find(id: string): Promise<Run> {
    await this.#turn;
    const capture = await this.#capture(id);
    const manifest = (await readManifest(capture.path)) ?? guessed(capture);
    return this.#run(capture, manifest, [...this.#host.sessions()]);
  }

  /** Rejects with a ProblemError if there is none. */
  async mark(id: string, marks: Partial<Pick<RunManifest, 'label' | 'kept'>>): Promise<Run> {
    await this.#inTurn(async () => {
      const capture = await this.#capture(id);
      const manifest = (await readManifest(capture.path)) ?? guessed(capture);
      await writeManifest(capture.path, { ...manifest, ...marks });
    }, true);
    return await this.find(id);
  }

  /** Removes a run that has ended, and sessions that only showed it. Rejects with a ProblemError if there is none. */
  async remove(id: string): Promise<void> {
    const run = await this.find(id);
    if (run.result === 'running')
      throw problem('This run goes on.', { next: 'Stop it, then remove it.', code: 'RUNNING' });
    for (const session of this.showing(run.path))
      if (this.#host.place(session).in === 'scratch') await this.#host.forget(session);
    await this.#inTurn(async () => this.#captures.remove(await this.#capture(id)), true);
  }

  /** Sessions of role capture that a file was opened as. */
  showing(path: string): Session[] {
    return [...this.#host.sessions()].filter((session) => {
      const { role, file } = session.config;
      return role === 'capture' && file !== undefined && resolve(this.#host.place(session).folder, file) === path;
    });
  }

  /** Resolves when all is written. */
  async dispose(): Promise<void> {
    await this.#turn;
    engines.delete(this.#engine);
  }

  async #makeRoom(path: string): Promise<Removed> {
    const runs = await this.list();
    const kept = new Set(runs.filter((run) => run.kept).map((run) => run.path));
    const inUse = runs.filter((run) => run.result === 'running' || this.showing(run.path).length > 0);
    const shown = [...this.#host.sessions()].flatMap(({ capture }) => (capture ? [capture.path] : []));
    return await this.#captures.prune(new Set([path, ...shown, ...inUse.map((run) => run.path)]), kept);
  }

  #run({ stem, path, sizeBytes }: StoredCapture, manifest: RunManifest, sessions: readonly Session[]): Run {
    const { session: from, name, startedAt, endedAt, peer, result, text, kept, label } = manifest;
    const session =
      sessions.find(({ id }) => id === from.id) ??
      sessions.find((other) => {
        const place = this.#host.place(other);
        return place.path === from.path && (place.root ?? null) === from.workspace;
      });
    const crashed = result === 'running' && !this.#isAlive(manifest);
    return {
      id: stem,
      path,
      session: session?.id ?? null,
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
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  }

  async #capture(id: string): Promise<StoredCapture> {
    const found = (await this.#captures.captures()).find(({ stem }) => stem === id);
    if (!found) throw problem('There is no such run.', { why: 'Its capture may have been removed.', code: 'NO_RUN' });
    return found;
  }

  async #stored(path: string): Promise<StoredCapture | undefined> {
    return (await this.#captures.captures()).find((capture) => capture.path === path);
  }

  /** Runs an order when those before it are done. `rejects`: with what fails; else that is logged. */
  async #inTurn(order: () => Promise<void>, rejects = false): Promise<void> {
    const done = this.#turn.then(order);
    this.#turn = done.catch(() => {});
    try {
      await done;
    } catch (error) {
      if (rejects) throw error;
      this.#host.log(`history: ${problemOf(error).what}`);
    }
  }
}

/** What can be told of a capture without a manifest: it was recorded by an older version. */
function guessed({ stem, modifiedMs }: StoredCapture): RunManifest {
  const [, name = stem, ...stamp] = STAMPED.exec(stem) ?? [];
  const [year = 0, month = 1, day = 0, hours = 0, minutes = 0, seconds = 0] = stamp.map(Number);
  const startedMs = stamp.length > 0 ? Date.UTC(year, month - 1, day, hours, minutes, seconds) : modifiedMs;
  return {
    wirescopeRun: 1,
    session: { id: '', path: '', workspace: null },
    name,
    startedAt: startedMs * 1000,
    endedAt: modifiedMs * 1000,
    peer: '',
    counts: { records: 0, messages: 0, notes: 0, errors: 0 },
    result: 'closed',
    text: '',
    label: null,
    kept: false,
    recorder: { pid: 0, engine: '' },
  };
}

function removedEvent({ files, bytes }: Removed): LifecycleEvent {
  return {
    type: 'limit',
    severity: 'info',
    text: `Removed the ${files === 1 ? 'oldest capture' : `${files} oldest captures`} to keep the capture folder small`,
    fields: { files, bytes },
  };
}
