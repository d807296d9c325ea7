// The script of one session while it runs in the app: once, or with a data file for each of its rows, until it is through
// or stopped. Tells the history what each run came to, and remembers the rows that failed.
import type { RowFailure, ScriptState } from '../../bridge/contract.ts';
import { type DataRow, rowVariables } from '../../workspace/data-file.ts';
import type { History } from '../history/history.ts';
import type { Session } from '../session/session.ts';
import { rowText, type ScriptData } from './data.ts';
import { type ScriptedConfig, ScriptPass } from './pass.ts';

/** More of the same would help nobody. */
const MAX_FAILURES = 1000;

export interface ScriptRunOptions {
  session: Session;
  /** With what it inherits, as it is written. */
  config: ScriptedConfig;
  /** Absent: it runs once. */
  data?: ScriptData;
  /** Its state is another. */
  changed(): void;
  history: Pick<History, 'judge' | 'idOf' | 'discard'>;
}

export class ScriptRun {
  readonly #options: ScriptRunOptions;
  readonly #abort = new AbortController();
  readonly #failures: RowFailure[] = [];
  /** Of rows. */
  readonly #rows = { at: 0, passed: 0, failed: 0 };
  #pass: ScriptPass;
  #running = true;
  /** Resolves when it has ended. */
  readonly done: Promise<void>;

  constructor(options: ScriptRunOptions) {
    this.#options = options;
    this.#pass = this.#newPass();
    this.done = this.#run();
  }

  get running(): boolean {
    return this.#running;
  }

  /** Rows that failed, the first of them. */
  get failures(): readonly RowFailure[] {
    return this.#failures;
  }

  /** Resolves when it runs, or was stopped; rejects with why there is nobody to run it with. Rows that reach nobody failed. */
  get begun(): Promise<void> {
    return this.#options.data ? Promise.resolve() : this.#pass.begun;
  }

  state(): ScriptState {
    const { config, data } = this.#options;
    const { unreached, wasStopped, connections } = this.#pass;
    // To stop a server is how its script ends.
    const isStopped = wasStopped && (config.role === 'client' || data !== undefined);
    return {
      running: this.#running,
      ...(isStopped && !this.#running && { stopped: true }),
      ...(unreached !== undefined && { failure: unreached }),
      steps: this.#pass.steps(),
      ...(config.role === 'server' && !data && { connections: { ...connections } }),
      ...(data && { iteration: { ...this.#rows, of: data.rows.length } }),
    };
  }

  /** Resolves when it has ended. */
  stop(): Promise<void> {
    this.#abort.abort();
    return this.done;
  }

  async #run(): Promise<void> {
    const { data, changed } = this.#options;
    changed();
    if (data) await this.#runRows(data);
    else {
      await this.#pass.run();
      this.#judge('');
    }
    this.#running = false;
    changed();
  }

  async #runRows({ name, rows }: ScriptData): Promise<void> {
    const { session, history } = this.#options;
    for (const [index, row] of rows.entries()) {
      const before = this.#pass;
      session.variables.giveRow(rowVariables(row, name));
      this.#pass = this.#newPass();
      this.#rows.at = index + 1;
      await this.#pass.run();
      // Thousands of rows would push all else out of the history: of those that passed only the last is kept.
      if (before.source && before.failure === undefined) await history.discard(before.source);
      if (this.#pass.wasStopped) break;
      this.#judge(`Row ${index + 1} of ${rows.length}. `);
      this.#count(index, row);
    }
    session.variables.giveRow([]);
  }

  #count(index: number, row: DataRow): void {
    const { session, history, changed } = this.#options;
    const { failure, source } = this.#pass;
    this.#rows[failure === undefined ? 'passed' : 'failed'] += 1;
    if (failure !== undefined && this.#failures.length < MAX_FAILURES) {
      this.#failures.push({
        row: index + 1,
        values: session.variables.mask.text(rowText(row)),
        text: failure,
        run: (source && history.idOf(source)) ?? null,
      });
    }
    changed();
  }

  #judge(before: string): void {
    const { source, failure } = this.#pass;
    const verdict = this.#pass.verdict();
    if (source && verdict !== undefined) this.#options.history.judge(source, failure === undefined, before + verdict);
  }

  #newPass(): ScriptPass {
    const { session, config, data, changed } = this.#options;
    return new ScriptPass({ session, config, signal: this.#abort.signal, isOfRow: data !== undefined, changed });
  }
}
