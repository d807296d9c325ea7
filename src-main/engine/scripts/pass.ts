// A script that is run through once: against whom its session is open to, or in a run that is begun for it and ended after
// it. A client's is run once, a server's for each connection. Tells its marks while it runs.
import type { ScriptState } from '../../bridge/contract.ts';
import type { SessionConfig, Step } from '../../core/session-config.ts';
import { problemOf } from '../problem.ts';
import type { LiveSource } from '../session/live-source.ts';
import type { Session } from '../session/session.ts';
import { ScriptMarks } from './marks.ts';
import { type OnStep, runClientScript, type SourceScript, serveScripts } from './source-script.ts';
import { orAborted, type StepResult } from './steps.ts';

export type ScriptedConfig = SessionConfig & { script: Step[] };

export interface PassOptions {
  session: Session;
  /** With what it inherits, as it is written. */
  config: ScriptedConfig;
  /** Aborted: it ends at once, also while the session is being started for it. */
  signal: AbortSignal;
  /** It gets a run of its own, and a server's ends after one connection. */
  isOfRow: boolean;
  /** Its state is another. */
  changed(): void;
}

export class ScriptPass {
  readonly #options: PassOptions;
  /** Of a server: the connections whose script has ended. */
  readonly connections = { passed: 0, failed: 0 };
  #marks: ScriptMarks;
  #source: LiveSource | undefined;
  #failure: string | undefined;
  #unreached: string | undefined;
  #wasStopped = false;
  #tellBegun: (error?: unknown) => void = () => {};
  /** Resolves when the first step runs, or it was stopped before; rejects with why there was nobody to run it with. */
  readonly begun = new Promise<void>((resolve, reject) => {
    this.#tellBegun = (error) => (error === undefined ? resolve() : reject(error));
  });

  constructor(options: PassOptions) {
    this.#options = options;
    this.#marks = this.#newMarks();
    this.begun.catch(() => {});
  }

  /** Whom it ran with; undefined: nobody yet. */
  get source(): LiveSource | undefined {
    return this.#source;
  }

  /** What failed first, in words; why there was nobody to run it with. */
  get failure(): string | undefined {
    return this.#failure ?? this.#unreached;
  }

  /** Why there was nobody to run it with. */
  get unreached(): string | undefined {
    return this.#unreached;
  }

  /** Somebody ended it, or its session before it began. */
  get wasStopped(): boolean {
    return this.#wasStopped;
  }

  steps(): ScriptState['steps'] {
    return this.#marks.state();
  }

  /** Never rejects. */
  async run(): Promise<void> {
    const { session, signal, isOfRow, changed } = this.#options;
    const open = isOfRow ? undefined : openSource(session);
    try {
      this.#source = open ?? (await this.#start());
    } catch (error) {
      this.#unreached = this.#masked(problemOf(error).what);
      this.#source = session.live;
      this.#tellBegun(error);
    }
    const source = this.#unreached === undefined ? this.#source : undefined;
    if (source) {
      this.#tellBegun();
      changed();
      await this.#runWith(source, open !== undefined);
      if (!open && session.live === source) await session.stop();
    }
    this.#wasStopped = signal.aborted || (!source && this.#unreached === undefined);
    this.#marks.skipRest();
    this.#tellBegun();
  }

  /** What it came to, in words; undefined: nobody came to run it with, or it was ended before. */
  verdict(): string | undefined {
    if (!this.#source || this.#unreached !== undefined) return undefined;
    const { passed, failed } = this.connections;
    if (this.#options.config.role === 'client') return this.#failure ?? 'The script passed.';
    const all = passed + failed === 1 ? '1 connection' : `${passed + failed} connections`;
    if (failed > 0) return `The script failed for ${failed} of ${all}. ${this.#failure}`;
    return this.#failure ?? (passed > 0 ? `The script passed for ${all}.` : undefined);
  }

  /** Rejects if the session cannot be started; undefined: it was stopped meanwhile. */
  async #start(): Promise<LiveSource | undefined> {
    const { session, signal } = this.#options;
    const stop = () => void session.stop();
    signal.addEventListener('abort', stop);
    try {
      if (!signal.aborted) await orAborted(session.start(), signal);
    } finally {
      signal.removeEventListener('abort', stop);
    }
    return signal.aborted ? undefined : openSource(session);
  }

  /** `wasOpen`: what it has received so far is nothing to the script. */
  async #runWith(source: LiveSource, wasOpen: boolean): Promise<void> {
    const { session, config, signal } = this.#options;
    const from = wasOpen ? source.capture.count : undefined;
    try {
      const variables = await session.variables.scope(config);
      if (config.protocol === 'grpc') await orAborted(session.schema.loaded(), signal);
      const scripted: SourceScript = {
        source,
        schema: session.schema,
        config,
        script: config.script,
        variables,
        signal,
        ...(from !== undefined && { from }),
      };
      if (config.role === 'server') await this.#serve(scripted);
      else this.#note(await runClientScript(scripted, this.#follow(this.#marks, scripted)));
    } catch (error) {
      this.#failure ??= this.#masked(problemOf(error).what);
    }
  }

  async #serve(scripted: SourceScript): Promise<void> {
    const { signal, isOfRow, changed } = this.#options;
    await serveScripts({
      ...scripted,
      ...(isOfRow && { connections: 1 }),
      onConnection: () => {
        this.#marks = this.#newMarks();
        return this.#follow(this.#marks, scripted);
      },
      onEnd: (_, results) => {
        // To stop a server is how it ends, and nobody's failure.
        if (signal.aborted) return;
        const ok = this.#note(results);
        this.connections[ok ? 'passed' : 'failed'] += 1;
        changed();
      },
    });
  }

  #follow(marks: ScriptMarks, { variables }: SourceScript): OnStep {
    const { session, config, changed } = this.#options;
    return (index, result) => {
      marks.step(index, result);
      if (result && config.role === 'client') session.variables.keepCaptured(variables);
      changed();
    };
  }

  /** Whether all steps were ok. */
  #note(results: readonly StepResult[]): boolean {
    const index = results.findIndex(({ ok }) => !ok);
    if (index < 0) return true;
    const { step, error } = results[index]!;
    this.#failure ??= this.#masked(`Step ${index + 1}, ${step}: ${error}`);
    return false;
  }

  #newMarks(): ScriptMarks {
    const { config, session } = this.#options;
    return new ScriptMarks(config.script, session.variables.mask);
  }

  #masked(text: string): string {
    return this.#options.session.variables.mask.text(text);
  }
}

function openSource({ live }: Session): LiveSource | undefined {
  return live?.status.phase === 'open' ? live : undefined;
}
