// What every file of a workspace can be refused with.
import type { Problem } from '../core/event.ts';

/** A file of a workspace that cannot be used; the problem names file and line. */
export class SessionFileError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.what);
    this.name = 'SessionFileError';
    this.problem = problem;
  }
}
