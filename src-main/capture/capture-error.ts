// The one error of opening or creating a capture. Reading never throws: what is wrong inside a file becomes an event
// on its timeline.
import type { Problem } from '../core/event.ts';

/** An error that carries a Problem for a person. */
export class CaptureError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.what, options);
    this.name = 'CaptureError';
    this.problem = problem;
  }
}

const REASONS: { [code: string]: { why: string; next: string } } = {
  ENOENT: { why: 'There is no such file or folder.', next: 'Check the path.' },
  EACCES: { why: 'The permissions do not allow it.', next: 'Change the permissions or choose another place.' },
  EPERM: { why: 'The permissions do not allow it.', next: 'Change the permissions or choose another place.' },
  EISDIR: { why: 'It is a folder.', next: 'Choose a file.' },
  /** Our own: a folder, a pipe, a device. */
  ENOTFILE: { why: 'It is a folder, a pipe or a device.', next: 'Choose a file.' },
  ENAMETOOLONG: { why: 'The name is longer than the file system allows.', next: 'Choose a shorter name.' },
  ENOSPC: { why: 'The disk is full.', next: 'Make room, then start the session again.' },
  EROFS: { why: 'The file system is read-only.', next: 'Choose another place.' },
  EMFILE: { why: 'Too many files are open.', next: 'Close some sessions and try again.' },
  EFBIG: { why: 'The file system does not allow files of this size.', next: 'Start a new capture on another disk.' },
};

/** What a system error means for somebody who wanted `what`, a whole sentence. */
export function fileProblem(what: string, error: unknown): Problem {
  const code = errorCode(error);
  const details = error instanceof Error ? error.message : String(error);
  const reason = REASONS[code] ?? { why: details, next: 'Check the path, and the disk it is on.' };
  return { what, ...reason, ...(code && { code }), details };
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
