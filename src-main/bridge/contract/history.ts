// Runs of sessions that were kept.
import { z } from 'zod';
import { rowCount, seq, sessionId } from './inputs.ts';
import type { SessionState } from './sessions.ts';

/** Of a run. */
export const runId = z.string().min(1).max(255);

export const historyMethods = {
  /** Runs, newest first; of one session, or of all. */
  'history.list': z.strictObject({ session: sessionId.optional(), from: seq, count: rowCount }),
  /** Opens a run's capture as a session of role `capture`. */
  'history.open': z.strictObject({ id: runId }),
  /** null: shows its session's name again. */
  'history.rename': z.strictObject({ id: runId, label: z.string().min(1).max(200).nullable() }),
  /** A kept run is never removed to make room. */
  'history.keep': z.strictObject({ id: runId, kept: z.boolean() }),
  'history.remove': z.strictObject({ id: runId }),
} as const;

export interface HistoryOutput {
  'history.list': { total: number; runs: Run[] };
  'history.open': SessionState;
  'history.rename': Run;
  'history.keep': Run;
  'history.remove': null;
}

/** One run of a session: a capture that was kept. Times in microseconds since the Unix epoch. */
export interface Run {
  id: string;
  /** Of the capture. */
  path: string;
  /** The session it is of, if that is still there. */
  session: string | null;
  /** The session's name when it ran. */
  name: string;
  startedAt: number;
  /** null: it runs, or crashed. */
  endedAt: number | null;
  /** Whom it connected to, or where it listened. */
  peer: string;
  counts: { records: number; messages: number; notes: number; errors: number };
  sizeBytes: number;
  /** passed, notPassed: of its script. crashed: the app ended before the run did. */
  result: 'closed' | 'failed' | 'crashed' | 'running' | 'passed' | 'notPassed';
  /** How it ended, in words. */
  text: string;
  kept: boolean;
  label: string | null;
}
