// The script of one session while it runs in the app: a client's once, a server's for each connection until it is
// stopped. Tells its marks and, at its end, the history what it came to.
import type { ScriptState } from '../bridge/contract.ts';
import type { SessionConfig, Step } from '../core/session-config.ts';
import type { VariableScope } from '../workspace/variables.ts';
import type { LiveSource } from './live-source.ts';
import { problemOf } from './problem.ts';
import type { StepResult } from './script.ts';
import { ScriptMarks } from './scripts-marks.ts';
import { type OnStep, runClientScript, type SourceScript, serveScripts } from './scripts-run.ts';
import type { Session } from './session.ts';

export interface ScriptRunOptions {
  session: Session;
  /** Whom it talks to: it is open. */
  source: LiveSource;
  /** With what it inherits, as it is written. */
  config: SessionConfig & { script: Step[] };
  variables: VariableScope;
  /** The session was started for the script, and is stopped after it. */
  ends: boolean;
  /** Its state is another. */
  changed(): void;
  /** Remembers what it came to, in words too. */
  judge(source: LiveSource, ok: boolean, text: string): void;
}

export class ScriptRun {
  readonly #options: ScriptRunOptions;
  readonly #abort = new AbortController();
  /** Of a server: the connections whose script has ended. */
  readonly #ended = { passed: 0, failed: 0 };
  #marks: ScriptMarks;
  /** What failed first, in words. */
  #failure: string | undefined;
  #running = true;
  /** Resolves when it has ended. */
  readonly done: Promise<void>;

  constructor(options: ScriptRunOptions) {
    this.#options = options;
    this.#marks = this.#newMarks();
    this.done = this.#run();
  }

  get running(): boolean {
    return this.#running;
  }

  state(): ScriptState {
    const isServer = this.#options.config.role === 'server';
    return {
      running: this.#running,
      steps: this.#marks.state(),
      ...(isServer && { connections: { ...this.#ended } }),
    };
  }

  /** Resolves when it has ended. */
  stop(): Promise<void> {
    this.#abort.abort();
    return this.done;
  }

  async #run(): Promise<void> {
    const { session, source, config, variables, ends, changed, judge } = this.#options;
    const { script, role } = config;
    changed();
    try {
      if (config.protocol === 'grpc') await session.schema.loaded();
      const scripted: SourceScript = {
        source,
        schema: session.schema,
        config,
        script,
        variables,
        signal: this.#abort.signal,
        ...(!ends && { from: source.capture.count }),
      };
      if (role === 'server') await this.#serve(scripted);
      else this.#note(await runClientScript(scripted, this.#follow(this.#marks)));
    } catch (error) {
      this.#failure ??= this.#masked(problemOf(error).what);
    }
    this.#marks.skipRest();
    this.#running = false;
    const verdict = this.#verdict();
    if (verdict) judge(source, this.#failure === undefined, verdict);
    changed();
    if (ends && session.live === source) await session.stop();
  }

  async #serve(scripted: SourceScript): Promise<void> {
    await serveScripts({
      ...scripted,
      onConnection: () => {
        this.#marks = this.#newMarks();
        return this.#follow(this.#marks);
      },
      onEnd: (_, results) => {
        // To stop a server is how it ends, and nobody's failure.
        if (this.#abort.signal.aborted) return;
        const ok = this.#note(results);
        this.#ended[ok ? 'passed' : 'failed'] += 1;
        this.#options.changed();
      },
    });
  }

  #follow(marks: ScriptMarks): OnStep {
    const { session, config, variables, changed } = this.#options;
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

  /** What it came to, in words; undefined: nobody came to run it with. */
  #verdict(): string | undefined {
    const { passed, failed } = this.#ended;
    if (this.#options.config.role === 'client') return this.#failure ?? 'The script passed.';
    const all = passed + failed === 1 ? '1 connection' : `${passed + failed} connections`;
    if (failed > 0) return `The script failed for ${failed} of ${all}. ${this.#failure}`;
    return this.#failure ?? (passed > 0 ? `The script passed for ${all}.` : undefined);
  }

  #newMarks(): ScriptMarks {
    const { config, session } = this.#options;
    return new ScriptMarks(config.script, session.variables.mask);
  }

  #masked(text: string): string {
    return this.#options.session.variables.mask.text(text);
  }
}
