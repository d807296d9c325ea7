// The one contract between the engine and whoever shows it: every method, its validated input and the type of its
// answer; every announcement. Three transports carry it. The renderer asks for what it shows; the engine announces that
// something changed at most once a frame and pushes no rows. A file of contract/ holds one topic, and only this one reads it.
import { z } from 'zod';
import type { Problem } from '../core/event.ts';
import { type CaptureOutput, captureMethods } from './contract/captures.ts';
import { type ComparisonOutput, comparisonMethods } from './contract/comparison.ts';
import { type ComposeOutput, composeMethods } from './contract/compose.ts';
import { type HistoryOutput, historyMethods } from './contract/history.ts';
import { type RecordOutput, recordMethods } from './contract/record.ts';
import { type SchemaOutput, schemaMethods } from './contract/schema.ts';
import { type ScriptOutput, scriptMethods } from './contract/scripts.ts';
import { type SessionOutput, type SessionState, sessionMethods } from './contract/sessions.ts';
import { type TimelineOutput, timelineMethods } from './contract/timeline.ts';
import { type UnsentOutput, unsentMethods } from './contract/unsent.ts';
import { type VariableOutput, variableMethods } from './contract/variables.ts';
import { type WorkspaceOutput, workspaceMethods } from './contract/workspace.ts';

export type { PayloadNode, PayloadView, PayloadViewName } from '../core/payload/payload.ts';
export type { ComparedRow, ComparedText, RunComparison } from './contract/comparison.ts';
export type { Run } from './contract/history.ts';
export { MAX_SOURCE_BYTES, type RecordDetail } from './contract/record.ts';
export { MAX_TYPES, type SchemaState } from './contract/schema.ts';
export type { RowFailure, ScriptState } from './contract/scripts.ts';
export type {
  Control,
  DiskState,
  InheritedSetting,
  Phase,
  SessionPlace,
  SessionState,
} from './contract/sessions.ts';
export type { CallSummary, Query, Row } from './contract/timeline.ts';
export type { SecretsState, VariableState } from './contract/variables.ts';
export type { TreeNode, WorkspaceState } from './contract/workspace.ts';

/** name → schema of the input. */
export const methods = {
  'app.info': z.strictObject({}),
  ...sessionMethods,
  ...captureMethods,
  ...timelineMethods,
  ...recordMethods,
  ...composeMethods,
  ...schemaMethods,
  ...workspaceMethods,
  ...variableMethods,
  ...historyMethods,
  ...comparisonMethods,
  ...scriptMethods,
  ...unsentMethods,
} as const;
export type MethodName = keyof typeof methods;
export type Input<M extends MethodName> = z.infer<(typeof methods)[M]>;

export interface AppInfo {
  name: string;
  version: string;
  /** `desktop` or `headless`. */
  host: 'desktop' | 'headless';
  platform: string;
  node: string;
  pid: number;
  dataFolder: string;
}

/** name → answer. */
export interface Output
  extends SessionOutput,
    CaptureOutput,
    TimelineOutput,
    RecordOutput,
    ComposeOutput,
    SchemaOutput,
    WorkspaceOutput,
    VariableOutput,
    HistoryOutput,
    ComparisonOutput,
    ScriptOutput,
    UnsentOutput {
  'app.info': AppInfo;
}

/** What the engine says unasked. */
export type Announcement =
  /** A session is new or changed. At most once a frame (16 ms) per session. */
  | { type: 'session'; session: SessionState }
  | { type: 'sessionRemoved'; session: string }
  /** The workspace's folder, tree, environments or undo are others: ask for its state. At most once a frame. */
  | { type: 'workspace'; revision: number }
  /** A session's message types were loaded, or a file of theirs has changed. */
  | { type: 'schema'; session: string; revision: number }
  /** The capture has grown: ask for rows if you show it. At most once a frame per session. */
  | { type: 'timeline'; session: string; revision: number; records: number };

/** What travels. Requests are numbered by the caller; a failure carries a Problem. */
export type Request = { id: number; method: MethodName; input: unknown };
export type Response = { id: number; ok: true; output: unknown } | { id: number; ok: false; problem: Problem };
export type Message = Request | Response | { announcement: Announcement };

/** What every transport gives the renderer, and the in-memory one the tests. */
export interface Bridge {
  /** Rejects with a BridgeError that carries a Problem. */
  call<M extends MethodName>(method: M, input: Input<M>): Promise<Output[M]>;
  /** Returns its own undoing. */
  listen(listener: (announcement: Announcement) => void): () => void;
  /** The connection to the engine: gone means it died or was cut off. */
  onState(listener: (state: 'open' | 'gone') => void): () => void;
}
