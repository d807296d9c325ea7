// Every failure becomes a Problem a person can act on. What nobody foresaw says so and carries its stack, for reports.
import { ContentError } from '../core/compose/content-error.ts';
import type { Problem } from '../core/event.ts';
import { FILE_REFUSALS } from '../core/system-error.ts';
import { SchemaError } from '../schemas/loaded-schema.ts';

/** An error that carries a Problem. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.what, options);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** Shorthand for throwing: `throw problem('There is no session x.', { next: … })`. */
export function problem(what: string, more: Partial<Problem> = {}): ProblemError {
  return new ProblemError({ what, why: '', next: '', ...more });
}

/** What went wrong, whatever was thrown. Never throws. */
export function problemOf(error: unknown): Problem {
  const carried = carriedProblem(error);
  if (carried) return carried;
  if (error instanceof SchemaError || error instanceof ContentError)
    return { what: error.message, why: '', next: '', code: 'CONTENT' };
  return (
    fileProblem(error) ?? {
      what: 'Something inside Wirescope failed.',
      why: error instanceof Error ? error.message : String(error),
      next: 'Please report it with the details.',
      code: 'INTERNAL',
      details: error instanceof Error ? (error.stack ?? String(error)) : String(error),
    }
  );
}

/** What it means that a session's file cannot be written. */
export function unsaved(error: unknown): Problem {
  const { what, why, next, details } = problemOf(error);
  return {
    what: 'The session could not be saved.',
    why: why || what,
    next: `${next || 'Check the disk.'} It is tried again until it succeeds.`,
    code: 'SAVE',
    ...(details !== undefined && { details }),
  };
}

/** Whether nobody foresaw it: worth a line in the log. */
export function isInternal(found: Problem): boolean {
  return found.code === 'INTERNAL';
}

/** The Problem of an error class of any layer (EndpointError, BridgeError …). */
function carriedProblem(error: unknown): Problem | undefined {
  if (typeof error !== 'object' || error === null || !('problem' in error)) return undefined;
  const { problem: found } = error as { problem: unknown };
  if (typeof found !== 'object' || found === null || !('what' in found)) return undefined;
  return found as Problem;
}

/** A Problem for what the file system refused, or undefined for any other error. */
function fileProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined) return undefined;
  if (path === undefined) {
    if (syscall === undefined) return undefined;
    return { what: `The system refused: ${error.message}.`, why: '', next: '', code, details: error.message };
  }
  const refusal = FILE_REFUSALS[code];
  return {
    what: refusal?.what(path) ?? `${path} cannot be used: ${error.message}.`,
    why: '',
    next: refusal?.next ?? 'Check the path.',
    code,
    details: error.message,
  };
}
