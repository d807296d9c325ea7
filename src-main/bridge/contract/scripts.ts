// Scripts of sessions: run, recorded, and as text.
import { z } from 'zod';
import { type SavedMessage, type Step, stepSchema } from '../../core/session-config.ts';
import { MAX_ITEMS, rowCount, seq, sessionId, typedText } from './inputs.ts';

export const scriptMethods = {
  /**
   * Starts the session, if it is not open, and its script: a client's once, a server's for each connection until it is
   * stopped. What was started for it is stopped after it. With a data file the session is started anew for each row.
   * Answered when the script has begun, or was stopped meanwhile; see `SessionState.script`.
   */
  'script.run': z.strictObject({ session: sessionId }),
  /** Also while the session is still being started for it. */
  'script.stop': z.strictObject({ session: sessionId }),
  /** What a data file holds. A relative path begins at the session's file. */
  'script.data': z.strictObject({ session: sessionId, file: z.string().min(1).max(4096) }),
  /** The rows for which the script failed that ran last, in order. */
  'script.failures': z.strictObject({ session: sessionId, from: seq, count: rowCount }),
  /** The messages of the last connection of the session's capture as a script that sends and expects the first of them. */
  'script.record': z.strictObject({ session: sessionId }),
  /** The steps as YAML text. */
  'script.format': z.strictObject({ script: z.array(stepSchema).max(MAX_ITEMS) }),
  /** The steps that YAML text says. */
  'script.parse': z.strictObject({ text: typedText }),
} as const;

export interface ScriptOutput {
  'script.run': null;
  'script.stop': null;
  /** `file`: what the config should name it by; in a workspace relative to the session's file. `names`: of the variables that its first row gives. */
  'script.data': { ok: true; file: string; rows: number; names: string[] } | { ok: false; error: string };
  /** `total`: of those that are remembered; `ScriptState` counts all. */
  'script.failures': { total: number; failures: RowFailure[] };
  /** `messages`: what the script sends by name, to be added to the config's. */
  'script.record': { script: Step[]; messages: SavedMessage[] };
  'script.format': { text: string };
  'script.parse': { ok: true; script: Step[] } | { ok: false; error: string; line?: number };
}

/** The script that runs for a session, or ran last. */
export interface ScriptState {
  running: boolean;
  /** Somebody ended it before it was through. */
  stopped?: true;
  /** Why there was nobody to run it with. */
  failure?: string;
  /** As many as the config's script has; `step` in words. A skipped one came after one that failed. */
  steps: {
    step: string;
    state: 'waiting' | 'running' | 'ok' | 'failed' | 'skipped';
    /** How long it took, or has taken so far. */
    ms: number | null;
    error: string | null;
  }[];
  /** Of a server: connections whose script has ended; `steps` are of the one that came last. */
  connections?: { passed: number; failed: number };
  /** With a data file: which of its rows `steps` are of, counted from 1, and how the rows before went. */
  iteration?: { at: number; of: number; passed: number; failed: number };
}

/** A row of a data file for which a script failed. */
export interface RowFailure {
  /** Counted from 1. */
  row: number;
  /** Its values, shortened: `user=Ada, room=lobby`. */
  values: string;
  /** What failed, in words. */
  text: string;
  /** The run in the history; null: nothing was recorded. */
  run: string | null;
}
