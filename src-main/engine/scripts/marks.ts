// The marks of a script's steps while it runs, as the interface shows them.
import type { ScriptState } from '../../bridge/contract.ts';
import type { Step } from '../../core/session-config.ts';
import type { SecretMask } from '../../workspace/secret-mask.ts';
import { describeStep, type StepResult } from './steps.ts';

type Mark = ScriptState['steps'][number];

export class ScriptMarks {
  readonly #mask: SecretMask;
  readonly #marks: Mark[];
  /** When the step that runs was begun. */
  #begunAtMs = 0;

  constructor(script: readonly Step[], mask: SecretMask) {
    this.#mask = mask;
    this.#marks = script.map((step) => ({ step: describeStep(step), state: 'waiting', ms: null, error: null }));
  }

  /** See ScriptSurroundings.onStep. */
  step = (index: number, result?: StepResult): void => {
    const { step } = this.#marks[index]!;
    if (!result) {
      this.#begunAtMs = performance.now();
      this.#marks[index] = { step, state: 'running', ms: 0, error: null };
      return;
    }
    const { ok, ms, error } = result;
    this.#marks[index] = {
      step,
      state: ok ? 'ok' : 'failed',
      ms,
      error: error === null ? null : this.#mask.text(error),
    };
    if (!ok) this.skipRest();
  };

  /** What has not begun will not. */
  skipRest(): void {
    for (const mark of this.#marks) if (mark.state === 'waiting') mark.state = 'skipped';
  }

  state(): Mark[] {
    const now = performance.now();
    return this.#marks.map((mark) =>
      mark.state === 'running' ? { ...mark, ms: Math.round(now - this.#begunAtMs) } : { ...mark },
    );
  }
}
