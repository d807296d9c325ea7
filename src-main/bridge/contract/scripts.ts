// Scripts of sessions: run, recorded, and as text.
import { z } from 'zod';
import { type SavedMessage, type Step, stepSchema } from '../../core/session-config.ts';
import { MAX_ITEMS, sessionId, typedText } from './inputs.ts';

export const scriptMethods = {
  /**
   * Starts the session, if it is not open, and its script: a client's once, a server's for each connection until it is
   * stopped. What was started for it is stopped after it. Answered when the script has begun; see `SessionState.script`.
   */
  'script.run': z.strictObject({ session: sessionId }),
  'script.stop': z.strictObject({ session: sessionId }),
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
  /** `messages`: what the script sends by name, to be added to the config's. */
  'script.record': { script: Step[]; messages: SavedMessage[] };
  'script.format': { text: string };
  'script.parse': { ok: true; script: Step[] } | { ok: false; error: string; line?: number };
}

/** The script that runs for a session, or ran last. */
export interface ScriptState {
  running: boolean;
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
  /** With a data file: which of its lines this is, counted from 1. */
  iteration?: { at: number; of: number };
}
