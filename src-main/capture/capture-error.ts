// The one error of opening or creating a capture. Reading never throws: what is wrong inside a file becomes an event
// on its timeline.
import type { Problem } from '../core/event.ts';
import { errorCode, FILE_REFUSALS } from '../core/system-error.ts';

/** An error that carries a Problem for a person. */
export class CaptureError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.what, options);
    this.name = 'CaptureError';
    this.problem = problem;
  }
}

/** What a system error means for somebody who wanted `what`, a whole sentence. */
export function fileProblem(what: string, error: unknown): Problem {
  const code = errorCode(error);
  const details = error instanceof Error ? error.message : String(error);
  const { why, next } = FILE_REFUSALS[code ?? ''] ?? { why: details, next: 'Check the path, and the disk it is on.' };
  return { what, why, next, ...(code !== undefined && { code }), details };
}
