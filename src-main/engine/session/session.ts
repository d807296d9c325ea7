// One session: its config, what runs for it now, and its capture. A start begins a new run with a new capture; the one
// before is disposed of, its file stays. Knows nothing of other sessions, nor of who watches.
import { basename, resolve } from 'node:path';
import type { Control, Input, Output, SessionState } from '../../bridge/contract.ts';
import type { Capture } from '../../capture/capture.ts';
import type { LifecycleEvent, Problem } from '../../core/event.ts';
import type { Content, SessionConfig } from '../../core/session-config.ts';
import type { Recipients } from '../../endpoints/endpoint.ts';
import { resolveSettings } from '../../workspace/session-variables.ts';
import type { EngineParts } from '../parts.ts';
import { problem, problemOf } from '../problem.ts';
import type { Place } from '../workspace/place.ts';
import { decodeRules } from './decode-rules.ts';
import { FileSource } from './file-source.ts';
import { Inspection } from './inspection.ts';
import { type LiveOptions, LiveSource } from './live-source.ts';
import { Rates } from './rates.ts';
import { SessionSchema } from './schema.ts';
import { type SendingHost, SessionSending } from './sending.ts';
import { NO_TRUST, type Source, type SourceStatus } from './source.ts';
import { Timeline } from './timeline.ts';
import { SessionVariables, type VariableHost } from './variables.ts';

export interface SessionHost {
  readonly parts: EngineParts;
  /** Where its file lies. */
  place(session: Session): Place;
  /** Its config with what it inherits: what is started and sent by. Throws a ProblemError if that cannot be told. */
  effective(session: Session): SessionConfig;
  /** What its state tells beside what the session itself knows. */
  beside(session: Session): Pick<SessionState, 'unsaved' | 'disk' | 'inherited' | 'script'>;
  /** What its variables come from. */
  variables(session: Session): VariableHost;
  /** The file for a new capture. `config`: what is started, with the names of variables. */
  newCapture(session: Session, config: SessionConfig): Promise<Recording>;
  /** Whether a file was recorded by this engine, or one before it. */
  isOwnCapture(path: string): boolean;
  changed(session: Session): void;
  grown(session: Session): void;
  /** Its message types changed. */
  typed(session: Session): void;
}

/** The file of a new capture, and whoever remembers what became of it. */
export interface Recording {
  /** Absolute. */
  path: string;
  /** What is worth telling about the place. */
  event?: LifecycleEvent;
  /** This fills it. */
  follow(source: LiveSource): void;
  /** Nothing will fill it; `found`: why, if something failed. */
  drop(found?: Problem): Promise<void>;
}

/** A source and the ways to look at its capture. */
interface Run {
  source: Source;
  timeline: Timeline;
  inspection: Inspection;
}

const IDLE: SourceStatus = { phase: 'idle', text: '', trust: NO_TRUST };
const NO_COUNTS: SessionState['counts'] = {
  records: 0,
  events: 0,
  frames: 0,
  messages: 0,
  notes: 0,
  warnings: 0,
  errors: 0,
};
const NO_TRAFFIC: Capture['traffic'] = {
  clientToServer: { messages: 0, bytes: 0 },
  serverToClient: { messages: 0, bytes: 0 },
};

export class Session implements SendingHost {
  readonly id: string;
  readonly schema: SessionSchema;
  readonly variables: SessionVariables;
  readonly #host: SessionHost;
  readonly #rates = new Rates();
  readonly #sending = new SessionSending(this);
  #config: SessionConfig;
  #run: Run | undefined;
  /** The status while there is no run. */
  #status = IDLE;
  /** What went wrong beside the run. */
  #problem: Problem | undefined;
  /** Why its file is not up to date. */
  #unsaved: Problem | undefined;
  /** Counts starts and stops: what an older one began has no more say. */
  #turn = 0;

  constructor(id: string, config: SessionConfig, host: SessionHost) {
    this.id = id;
    this.#config = config;
    this.#host = host;
    this.variables = new SessionVariables(host.variables(this));
    this.schema = new SessionSchema(this.#typedConfig(), {
      parts: host.parts,
      folder: () => this.folder,
      changed: () => this.#typesChanged(),
      variables: this.variables,
    });
  }

  get config(): SessionConfig {
    return this.#config;
  }

  /** What runs keeps the config it was started with. */
  configure(config: SessionConfig): void {
    this.#config = config;
    this.refresh();
  }

  /** What surrounds it, its folder or what it inherits, is another. */
  refresh(): void {
    this.schema.configure(this.#typedConfig());
    this.changed();
  }

  /** Folder that file names in the config are relative to. */
  get folder(): string {
    return this.#host.place(this).folder;
  }

  /** The config with what it inherits. Throws a ProblemError if that cannot be told. */
  get effective(): SessionConfig {
    return this.#host.effective(this);
  }

  /** Types are shown even while the session could not be started. */
  #typedConfig(): SessionConfig {
    try {
      return this.effective;
    } catch {
      return this.#config;
    }
  }

  /** Its state is another: whoever shows it should ask. */
  changed(): void {
    this.#host.changed(this);
  }

  /** Shows a problem that no run had. */
  report(found: Problem): void {
    this.#problem = found;
    this.changed();
  }

  /** Its file cannot be written, or can be again. */
  reportSaving(found: Problem | undefined): void {
    this.#unsaved = found;
    this.changed();
  }

  /** What is connected or listens, or did last. */
  get live(): LiveSource | undefined {
    const source = this.#run?.source;
    return source instanceof LiveSource ? source : undefined;
  }

  get capture(): Capture | undefined {
    return this.#run?.source.capture;
  }

  /** Throws a ProblemError while there is no capture yet. */
  get timeline(): Timeline {
    return this.#captured().timeline;
  }

  /** Throws a ProblemError while there is no capture yet. */
  get inspection(): Inspection {
    return this.#captured().inspection;
  }

  /**
   * Begins a new run; one that is still going is ended first. Resolves when it is usable, or was stopped meanwhile;
   * rejects when it failed, and then the state says so too.
   */
  async start(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    await this.#endRun();
    if (turn !== this.#turn) return;
    this.#problem = undefined;
    this.#rates.reset();
    try {
      if (this.#config.role === 'capture') await this.#read(turn);
      else await this.#live(turn);
    } catch (error) {
      const found = this.variables.mask.problem(problemOf(error));
      if (turn === this.#turn && !this.#run)
        this.#setStatus({ phase: 'failed', text: found.what, trust: NO_TRUST, problem: found });
      throw error;
    }
  }

  async #live(turn: number): Promise<void> {
    this.#setStatus({ phase: 'connecting', text: '', trust: NO_TRUST });
    const config = this.effective;
    this.variables.begin();
    const variables = await this.variables.scope(config);
    const started = resolveSettings(config, variables);
    const openEndpoint = await this.#host.parts.loadEndpoint(started);
    const recording = await this.#host.newCapture(this, config);
    if (turn !== this.#turn) return await recording.drop();
    const source = await this.#open({ started, variables, openEndpoint }, recording);
    recording.follow(source);
    this.#begin(source);
    const { recorder } = source.capture;
    if (recording.event) recorder.event(recording.event, recorder.now());
    await source.start();
    if (config.protocol === 'grpc') this.schema.retry();
  }

  async #open(
    prepared: Pick<LiveOptions, 'started' | 'variables' | 'openEndpoint'>,
    recording: Recording,
  ): Promise<LiveSource> {
    const { mask } = this.variables;
    try {
      return new LiveSource({
        ...prepared,
        parts: this.#host.parts,
        calls: () => this.#sending.calls(),
        mask,
        schema: this.schema,
        capturePath: recording.path,
        folder: () => this.folder,
        changed: () => this.changed(),
      });
    } catch (error) {
      await recording.drop(mask.problem(problemOf(error)));
      throw error;
    }
  }

  async #read(turn: number): Promise<void> {
    this.#setStatus({ phase: 'loading', text: '', trust: NO_TRUST });
    const { parts } = this.#host;
    const { folder } = this;
    const { file, keylog } = await this.variables.resolve({ file: this.#config.file, keylog: this.#config.keylog });
    if (file === undefined) throw problem('No capture file is named.', { next: 'Choose a file.' });
    const path = resolve(folder, file);
    const recordedHere = this.#host.isOwnCapture(path);
    const source = await FileSource.open({
      parts,
      path,
      decodeAs: decodeRules(this.#config.decode),
      recordedHere,
      changed: () => this.changed(),
      ...(keylog !== undefined && { keylog: resolve(folder, keylog) }),
    });
    if (turn === this.#turn) this.#begin(source);
    else await source.dispose();
  }

  #begin(source: Source): void {
    const { capture } = source;
    this.#run = { source, timeline: new Timeline(capture), inspection: new Inspection(capture) };
    this.#status = IDLE;
    this.#explain(capture);
    capture.onGrowth(() => this.#host.grown(this));
    this.changed();
  }

  /** Names the fields of messages by the session's types, which are loaded for it if its config names any. */
  #explain(capture: Capture): void {
    const { current } = this.schema;
    if (current) capture.explainWith(current.types);
    else if (this.#typedConfig().grpc?.schema) this.schema.begin();
  }

  #typesChanged(): void {
    const { current } = this.schema;
    if (current) this.capture?.explainWith(current.types);
    this.#host.typed(this);
  }

  /** Ends what runs; its capture can still be looked at. */
  async stop(): Promise<void> {
    this.#turn += 1;
    this.stopSending();
    if (!this.#run) this.#setStatus(IDLE);
    await this.#run?.source.stop();
  }

  /** Ends everything. */
  async dispose(): Promise<void> {
    this.#turn += 1;
    this.schema.dispose();
    await this.#endRun();
  }

  async #endRun(): Promise<void> {
    this.stopSending();
    const run = this.#run;
    if (!run) return;
    await run.source.stop();
    if (this.#run !== run) return;
    this.#run = undefined;
    run.timeline.dispose();
    await run.source.dispose();
  }

  /** Resolves when the first is sent; the others follow by themselves. */
  async send(order: Omit<Input<'sessions.send'>, 'session'>): Promise<{ recipients: number }> {
    return await this.#sending.send(this.#liveSource(), order);
  }

  /** Resolves when it has begun; the messages follow by themselves. */
  async sendList(order: Omit<Input<'sessions.sendList'>, 'session'>): Promise<void> {
    await this.#sending.sendList(this.#liveSource(), order);
  }

  stopSending(): void {
    this.#sending.stop();
  }

  async control(command: Control, to: Recipients): Promise<void> {
    await this.#sending.control(this.#liveSource(), command, to);
  }

  /** Bytes that would be sent. Rejects with what is wrong. `type`: of gRPC, other than that of the method. */
  async sizeOf(content: Content, type?: string): Promise<number> {
    return await this.#sending.sizeOf(content, this.live?.calls ?? [], type);
  }

  /** The grpcurl command line that calls the config's method with a content. */
  async grpcurl(content: Content): Promise<string> {
    return await this.#sending.grpcurl(content);
  }

  connections(from: number, count: number): Output['sessions.connections'] {
    const all = this.#run?.source.connections ?? [];
    const { mask } = this.variables;
    return {
      total: all.length,
      connections: all.slice(from, from + count).map((one) => ({ ...one, label: mask.text(one.label) })),
    };
  }

  calls(from: number, count: number): Output['sessions.calls'] {
    const all = this.live?.calls ?? [];
    return { total: all.length, calls: all.slice(from, from + count) };
  }

  growth(): { revision: number; records: number } {
    const capture = this.capture;
    return { revision: capture?.revision ?? 0, records: capture?.count ?? 0 };
  }

  state(): SessionState {
    const source = this.#run?.source;
    const capture = source?.capture;
    const { phase, text, trust, problem: failure, progress } = source?.status ?? this.#status;
    const shown = failure ?? this.#problem ?? this.#unsaved ?? capture?.problem;
    const { series } = this.#sending;
    const { in: where, path } = this.#host.place(this);
    return {
      id: this.id,
      config: this.#config,
      place: { in: where, path },
      ...this.#host.beside(this),
      phase,
      status: text,
      trust,
      connections: source?.openConnections ?? 0,
      counts: capture ? { ...capture.counts } : NO_COUNTS,
      traffic: this.#rates.state(capture?.traffic ?? NO_TRAFFIC, performance.now()),
      ...(shown && { problem: shown }),
      ...(progress !== undefined && { progress }),
      ...(series && { series }),
      ...(capture && {
        capture: { path: capture.path, name: basename(capture.path), sizeBytes: capture.sizeBytes },
      }),
    };
  }

  #setStatus(status: SourceStatus): void {
    this.#status = status;
    this.changed();
  }

  #captured(): Run {
    if (this.#run) return this.#run;
    throw problem('This session has no capture yet.', { next: 'Start it.', code: 'NO_CAPTURE' });
  }

  #liveSource(): LiveSource {
    if (this.live) return this.live;
    throw problem('The session is not connected.', { next: 'Start it first.', code: 'NOT_OPEN' });
  }
}
