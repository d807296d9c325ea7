// The one contract between the engine and whoever shows it: every method, its validated input and the type of its
// answer; every announcement. Three transports carry it. The renderer asks for what it shows; the engine announces that
// something changed at most once a frame and pushes no rows.
import { z } from 'zod';
import type { Problem } from '../core/event.ts';
import type { Field, NoteDefinition, Severity } from '../core/field.ts';
import type { CallState } from '../core/grpc-call.ts';
import { PAYLOAD_VIEWS, type PayloadNode, type PayloadView, type PayloadViewName } from '../core/payload/payload.ts';
import type { Direction, LevelName } from '../core/record.ts';
import type { EnumType, MessageType, SchemaProblem, ServiceType } from '../core/schema.ts';
import {
  contentSchema,
  grpcStatusSchema,
  metadataSchema,
  type SavedMessage,
  type SessionConfig,
  type Step,
  sessionConfigSchema,
  stepSchema,
} from '../core/session-config.ts';

/** Rows in one answer, and bytes of a byte source in one answer: bounds the work of one call. */
export const MAX_ROWS = 1000;
/** Message and enum types in one answer. */
export const MAX_TYPES = 1000;
export const MAX_SOURCE_BYTES = 65_536;
/** One piece of an upload. */
export const MAX_UPLOAD_CHUNK_BYTES = 4 * 1024 * 1024;

const sessionId = z.string().min(1).max(64);
const seq = z.number().int().nonnegative();
/** Below the workspace's folder, '/' between names; '' is the folder itself. */
const workspacePath = z.string().max(4096);
/** Of an environment: its file's name without extension. */
const environmentName = z.string().min(1).max(200);
const variableName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z_][\w.-]*$/, 'a letter or _, then letters, digits, _, . and -');
const variableValue = z.string().max(1_000_000);
const runId = z.string().min(1).max(255);
/** Steps of a script, or variables of one place, that may be handed over at once. */
const MAX_ITEMS = 10_000;
const bytes = z.instanceof(Uint8Array<ArrayBufferLike>);

/** Which rows: a view of a capture. `events+messages`, `events+frames`, everything. */
export const querySchema = z.strictObject({
  level: z.enum(['messages', 'frames', 'everything']),
  /** Filter expression, '' for all. */
  filter: z.string().max(10_000).optional(),
  connection: z.number().int().positive().optional(),
  /** Present: a gRPC call is one row, and the messages and the end of those calls alone, named by the seq of their row, follow as rows of their own. */
  unfolded: z.array(seq).max(10_000).optional(),
});
export type Query = z.infer<typeof querySchema>;

const recipients = z.union([z.literal('all'), z.literal('last'), z.array(z.number().int().positive()).max(100_000)]);

export const controlSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ping'), content: contentSchema }),
  z.strictObject({ type: z.literal('pong'), content: contentSchema }),
  z.strictObject({ type: z.literal('close'), code: z.number().int().optional(), reason: z.string().optional() }),
  z.strictObject({
    type: z.literal('rawFrame'),
    fin: z.boolean(),
    rsv1: z.boolean(),
    rsv2: z.boolean(),
    rsv3: z.boolean(),
    opcode: z.number().int().min(0).max(15),
    mask: z.boolean(),
    content: contentSchema,
  }),
  z.strictObject({ type: z.literal('halfClose') }),
  z.strictObject({ type: z.literal('invoke') }),
  z.strictObject({ type: z.literal('cancel') }),
  z.strictObject({ type: z.literal('finish'), status: grpcStatusSchema, trailers: metadataSchema.optional() }),
  z.strictObject({ type: z.literal('kick') }),
]);
export type Control = z.infer<typeof controlSchema>;

export type { PayloadNode, PayloadView, PayloadViewName };
export { PAYLOAD_VIEWS };

/** name → schema of the input. */
export const methods = {
  'app.info': z.strictObject({}),
  'sessions.list': z.strictObject({}),
  /** A new session with a file of its own: in a folder of the workspace, or, without `folder`, in the scratch area. */
  'sessions.create': z.strictObject({ config: sessionConfigSchema, folder: workspacePath.optional() }),
  /**
   * Answered before its file is written, which follows within a second. `base`: the config that the edit was made of, or
   * the edit sent before it. What others, another window or the disk, changed since then stays.
   */
  'sessions.update': z.strictObject({
    session: sessionId,
    config: sessionConfigSchema,
    base: sessionConfigSchema.optional(),
  }),
  /** Ends it and moves its file to the trash; `workspace.undo` brings both back. */
  'sessions.remove': z.strictObject({ session: sessionId }),
  /** Moves a scratch session into a folder of the workspace. */
  'sessions.place': z.strictObject({ session: sessionId, folder: workspacePath }),
  /**
   * Ends what `SessionState.disk` tells. mine: the file becomes what the session is, and is made again if it was removed.
   * theirs: the session becomes what the file is, and is removed if the file was.
   */
  'sessions.resolveDisk': z.strictObject({ session: sessionId, take: z.enum(['mine', 'theirs']) }),
  /**
   * Connect or listen, or read the file of a capture. Ends what runs and begins a new capture. Answered when it is open
   * or was stopped meanwhile; a failure is in the session's state too.
   */
  'sessions.start': z.strictObject({ session: sessionId }),
  'sessions.stop': z.strictObject({ session: sessionId }),
  'sessions.send': z.strictObject({
    session: sessionId,
    content: contentSchema,
    to: recipients,
    /** Absent: once. */
    repeat: z
      .strictObject({ times: z.number().int().min(1).max(10_000_000), everyMs: z.number().min(0).max(86_400_000) })
      .optional(),
  }),
  'sessions.stopRepeating': z.strictObject({ session: sessionId }),
  'sessions.control': z.strictObject({ session: sessionId, command: controlSchema, to: recipients }),
  'sessions.connections': z.strictObject({
    session: sessionId,
    from: seq,
    count: z.number().int().min(0).max(MAX_ROWS),
  }),
  'sessions.calls': z.strictObject({ session: sessionId, from: seq, count: z.number().int().min(0).max(MAX_ROWS) }),
  /** One click: a built-in echo server on a free port and a client to it, both started. Answers the client's session. */
  'sessions.tryIt': z.strictObject({}),
  /** A capture file by path (desktop) or by upload. Answers a session of role `capture`. */
  'captures.open': z.union([z.strictObject({ path: z.string().min(1) }), z.strictObject({ upload: z.string() })]),
  /** Copies the session's capture to a path (desktop); in a browser the gateway serves it for download. */
  'captures.save': z.strictObject({ session: sessionId, path: z.string().min(1) }),
  'uploads.begin': z.strictObject({ name: z.string().max(255), sizeBytes: z.number().int().nonnegative() }),
  'uploads.append': z.strictObject({ upload: z.string(), bytes }),
  /** The uploaded file's path on the engine's machine, for `file:` contents and certificates. */
  'uploads.finish': z.strictObject({ upload: z.string() }),
  'timeline.rows': z.strictObject({
    session: sessionId,
    query: querySchema,
    from: seq,
    count: z.number().int().min(0).max(MAX_ROWS),
  }),
  /**
   * The next row whose summary or payload contains `text` (case-insensitive), once round, beginning with row `from`
   * itself. A newer find of the session ends this one with code SUPERSEDED.
   */
  'timeline.find': z.strictObject({
    session: sessionId,
    query: querySchema,
    text: z.string().min(1).max(1000),
    from: seq,
    backwards: z.boolean(),
  }),
  /** Where a record stands in a query; the nearest at or after it if it is not part of it. */
  'timeline.position': z.strictObject({ session: sessionId, query: querySchema, seq }),
  /** The rows `from`…`from+count` as text to copy. */
  'timeline.copy': z.strictObject({
    session: sessionId,
    query: querySchema,
    from: seq,
    count: z.number().int().min(1).max(MAX_ROWS),
    format: z.enum(['text', 'tsv', 'json', 'payload', 'hex']),
  }),
  'record.detail': z.strictObject({ session: sessionId, seq }),
  'record.bytes': z.strictObject({
    session: sessionId,
    seq,
    source: z.number().int().nonnegative(),
    from: seq,
    count: z.number().int().min(0).max(MAX_SOURCE_BYTES),
  }),
  'record.payload': z.strictObject({
    session: sessionId,
    seq,
    view: z.union([z.literal('auto'), z.enum(PAYLOAD_VIEWS)]),
  }),
  /** Size of what would be sent, or what is wrong with it. `session`: of gRPC, whose types it must fit; `type`: other than its method's. */
  'compose.check': z.strictObject({
    content: contentSchema,
    session: sessionId.optional(),
    type: z.string().max(1000).optional(),
  }),
  /** Services of a session's schema, and what is wrong with its sources. */
  'schema.services': z.strictObject({ session: sessionId }),
  /** Types and all that they are made of, at most MAX_TYPES. */
  'schema.types': z.strictObject({ session: sessionId, names: z.array(z.string().max(1000)).max(100) }),
  /** Names of message types that contain `text` (case-insensitive), at most `count`. */
  'schema.search': z.strictObject({
    session: sessionId,
    text: z.string().max(1000),
    count: z.number().int().min(0).max(MAX_ROWS),
  }),
  /** A message of the type with a value in every field, as JSON text. */
  'schema.example': z.strictObject({ session: sessionId, type: z.string().max(1000) }),
  /** The text of a .proto file that the session's types were read from; `file` as the `source` of a problem names it. */
  'schema.source': z.strictObject({ session: sessionId, file: z.string().min(1).max(4096) }),
  /** Reads files again and asks the server again. Answered when that is done. */
  'schema.reload': z.strictObject({ session: sessionId }),
  /** The config that a grpcurl command line stands for. */
  'grpcurl.parse': z.strictObject({ text: z.string().max(1_000_000) }),
  /** The grpcurl command line of a session's method with a content. */
  'grpcurl.format': z.strictObject({ session: sessionId, content: contentSchema }),
  /** The open folder, its tree, its environments, and the folders that were open before. */
  'workspace.state': z.strictObject({}),
  /**
   * Opens a folder in place of the open one, and again when the app starts the next time. A folder without wirescope.yaml
   * is taken as it is, unless `create`: then it is made, with a wirescope.yaml.
   */
  'workspace.open': z.strictObject({ folder: z.string().min(1).max(4096), create: z.boolean().optional() }),
  /** Ends the sessions of the workspace; the scratch ones go on. */
  'workspace.close': z.strictObject({}),
  'workspace.createFolder': z.strictObject({ path: workspacePath }),
  /** Renames or moves a file or a folder; file names in the sessions follow. Never over something else. */
  'workspace.move': z.strictObject({ from: workspacePath, to: workspacePath }),
  /** A copy of a session beside it, under a free name. */
  'workspace.duplicate': z.strictObject({ path: workspacePath }),
  /** Moves a file, or a folder with all that is in it, to the trash in the data folder. */
  'workspace.remove': z.strictObject({ path: workspacePath }),
  /** Brings back what was removed last: see `WorkspaceState.undo`. */
  'workspace.undo': z.strictObject({}),
  /** Opens the bundled samples as a workspace: a copy in the data folder, which is the user's to change. */
  'workspace.openSamples': z.strictObject({}),
  'environments.get': z.strictObject({ name: environmentName }),
  /** Makes its file or changes it; comments in it stay. Values of secrets are set by `secrets.set` and never here. */
  'environments.save': z.strictObject({
    name: environmentName,
    variables: z
      .array(z.strictObject({ name: variableName, value: variableValue.nullable(), secret: z.boolean() }))
      .max(MAX_ITEMS),
  }),
  'environments.remove': z.strictObject({ name: environmentName }),
  /** The environment whose variables count, remembered for the workspace; null: none. */
  'environments.select': z.strictObject({ name: environmentName.nullable() }),
  /** All variables that a session's texts can name. */
  'variables.list': z.strictObject({ session: sessionId }),
  /** What a text of the session becomes when it is sent, with secrets masked. Nothing counts up by it. */
  'variables.preview': z.strictObject({ session: sessionId, text: z.string().max(1_000_000) }),
  'secrets.state': z.strictObject({}),
  /** null: forgets it. Kept for the open workspace, or the place of `session`: a scratch session's are apart. */
  'secrets.set': z.strictObject({
    name: variableName,
    value: z.string().max(65_536).nullable(),
    session: sessionId.optional(),
  }),
  /** The user agrees to a file that only they may read, where the system has no key store. */
  'secrets.allowFile': z.strictObject({}),
  /** Runs, newest first; of one session, or of all. */
  'history.list': z.strictObject({
    session: sessionId.optional(),
    from: seq,
    count: z.number().int().min(0).max(MAX_ROWS),
  }),
  /** Opens a run's capture as a session of role `capture`. */
  'history.open': z.strictObject({ id: runId }),
  /** null: shows its session's name again. */
  'history.rename': z.strictObject({ id: runId, label: z.string().min(1).max(200).nullable() }),
  /** A kept run is never removed to make room. */
  'history.keep': z.strictObject({ id: runId, kept: z.boolean() }),
  'history.remove': z.strictObject({ id: runId }),
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
  'script.parse': z.strictObject({ text: z.string().max(1_000_000) }),
  /** Names a filter may use, for completion. */
  'filter.fields': z.strictObject({}),
  'filter.check': z.strictObject({ filter: z.string().max(10_000) }),
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

export type Phase = 'idle' | 'connecting' | 'waiting' | 'open' | 'closing' | 'closed' | 'failed' | 'loading';

/** Where a session's file lies. */
export interface SessionPlace {
  /** scratch: the data folder, always there. */
  in: 'scratch' | 'workspace';
  /** Of the file, relative to the one or the other, '/' between names. What outlives the process; ids may not. */
  path: string;
}

/** What keeps a session's file in the workspace from being written. */
export interface DiskState {
  /** changed: both changed the same places. removed: the file is gone. broken: what is in it now is no session. */
  state: 'changed' | 'removed' | 'broken';
  /** Places that both changed, as `websocket.headers.X-Team` or `script[2]`. */
  conflicts: string[];
  /** What is wrong with the file, with its line. */
  problem?: string;
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

/** All the interface knows of a session without asking for rows. */
export interface SessionState {
  id: string;
  /** What its file says, or will say within a second. */
  config: SessionConfig;
  place: SessionPlace;
  /** It has changes that its file does not have yet. */
  unsaved?: true;
  /** Absent: file and session agree, or will when it is saved. */
  disk?: DiskState;
  script?: ScriptState;
  phase: Phase;
  /** What `phase` is at: the connecting step, the peer or bound address, how it closed. */
  status: string;
  problem?: Problem;
  /** The lock: none, verified, unverified; with the reason. */
  trust: { lock: 'none' | 'verified' | 'unverified'; text: string };
  /** Open connections. */
  connections: number;
  /** How far a capture file is read, 0 … 1; absent when all is read. */
  progress?: number;
  repeating?: { sent: number; times: number };
  capture?: { path: string; name: string; sizeBytes: number };
  counts: {
    records: number;
    events: number;
    frames: number;
    messages: number;
    notes: number;
    warnings: number;
    errors: number;
  };
  /** Application messages and wire bytes per direction, and their rates over the last second. */
  traffic: {
    [D in 'clientToServer' | 'serverToClient']: {
      messages: number;
      bytes: number;
      messagesPerSecond: number;
      bytesPerSecond: number;
    };
  };
}

/** A session's message types without the types themselves: those are asked for by name. */
export interface SchemaState {
  /** Rises with every change. */
  revision: number;
  loading: boolean;
  services: ServiceType[];
  problems: SchemaProblem[];
  /** Where they came from: a file, a folder, a server. */
  sources: { label: string; kind: 'file' | 'descriptors' | 'reflection'; services: number }[];
}

/** How far a gRPC call has come, on the row it began with. */
export interface CallSummary {
  /** Messages of each side. */
  clientMessages: number;
  serverMessages: number;
  /** Absent while it goes on: microseconds from its request to its end. */
  durationMicroseconds?: number;
  /** Absent while it goes on, or if it ended without one. */
  status?: number;
}

/** A row as the timeline draws it. */
export interface Row {
  seq: number;
  /** Microseconds since the Unix epoch. */
  at: number;
  connection: number;
  direction: Direction;
  /** Protocol's filter name, `websocket`; `event` for events. */
  protocol: string;
  /** The type's word, `text`. */
  kind: string;
  levels: readonly LevelName[];
  /** Bytes for the application, and on the wire. */
  size: number;
  length: number;
  summary: string;
  /** Severity of the worst note or of the event. */
  severity?: Severity;
  notes: number;
  /** Of the row a gRPC call begins with. */
  call?: CallSummary;
}

export interface RecordDetail {
  row: Row;
  fields: Field[];
  sources: { label: string; bytes: Uint8Array; total: number }[];
  payload?: number;
  notes: NoteDefinition[];
  problem?: Problem;
  /** The record this one answers or is made from. */
  link?: number;
}

/** A file or folder of the workspace that has to do with sessions. `path`: see SessionPlace. */
export type TreeNode =
  | { kind: 'folder'; path: string; children: TreeNode[] }
  | { kind: 'session'; path: string; session: string }
  /** A session or settings file that cannot be used. */
  | { kind: 'broken'; path: string; problem: string };

export interface WorkspaceState {
  /** Absolute path; null: none is open. */
  folder: string | null;
  /** What its wirescope.yaml calls it, or the folder's name; '' if none is open. */
  name: string;
  /** Those that were open, newest first, the open one too. */
  recent: { folder: string; name: string }[];
  /** Of the folder's content: folders first, each by name. */
  tree: TreeNode[];
  /** There is more in the folder than is read: this says how much is. */
  truncated?: string;
  environments: string[];
  /** The selected one. */
  environment: string | null;
  /** What `workspace.undo` would bring back, for a menu: `Seed chat`. */
  undo: string | null;
}

/** A variable as it may be shown. */
export interface VariableState {
  name: string;
  /** null: a secret, or one that has no value. */
  value: string | null;
  /** It has a value. */
  has: boolean;
  secret: boolean;
  /** Whoever comes later here wins. dynamic: `$uuid` and the like, made anew at each use; `value` is an example. */
  layer: 'workspace' | 'folder' | 'environment' | 'session' | 'captured' | 'command line' | 'dynamic';
  /** Where it was written down: `environments/local.yaml`. */
  origin: string;
}

export interface SecretsState {
  /** none: secrets are forgotten when the app ends. */
  store: 'keychain' | 'file' | 'none';
  /** For a person: why it is not the keychain. */
  why: string;
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

/** name → answer. */
export interface Output {
  'app.info': AppInfo;
  'sessions.list': SessionState[];
  'sessions.create': SessionState;
  'sessions.update': SessionState;
  'sessions.remove': null;
  'sessions.place': SessionState;
  'sessions.resolveDisk': null;
  'sessions.start': null;
  'sessions.stop': null;
  'sessions.send': { recipients: number };
  'sessions.stopRepeating': null;
  'sessions.control': null;
  /** Times in microseconds since the Unix epoch. */
  'sessions.connections': {
    total: number;
    connections: { connection: number; peer: string; label: string; openedAt: number; closedAt?: number }[];
  };
  'sessions.calls': { total: number; calls: CallState[] };
  'sessions.tryIt': SessionState;
  'captures.open': SessionState;
  'captures.save': { sizeBytes: number };
  'uploads.begin': { upload: string };
  'uploads.append': { received: number };
  'uploads.finish': { path: string };
  'timeline.rows': { total: number; revision: number; rows: Row[]; scanning?: number };
  'timeline.find': { index: number; seq: number } | null;
  'timeline.position': { index: number; exact: boolean };
  'timeline.copy': { text: string };
  'record.detail': RecordDetail;
  'record.bytes': { bytes: Uint8Array };
  'record.payload': PayloadView;
  'compose.check': { ok: true; sizeBytes: number } | { ok: false; error: string };
  'schema.services': SchemaState;
  'schema.types': { messages: MessageType[]; enums: EnumType[]; truncated: boolean };
  'schema.search': { names: string[]; total: number };
  'schema.example': { json: string };
  'schema.source': { text: string };
  'schema.reload': null;
  'grpcurl.parse': { config: SessionConfig; warnings: string[] };
  'grpcurl.format': { text: string };
  'workspace.state': WorkspaceState;
  'workspace.open': WorkspaceState;
  'workspace.close': null;
  'workspace.createFolder': null;
  'workspace.move': null;
  'workspace.duplicate': SessionState;
  'workspace.remove': null;
  'workspace.undo': null;
  'workspace.openSamples': WorkspaceState;
  /** `value` is null of secrets. */
  'environments.get': { variables: { name: string; value: string | null; secret: boolean }[] };
  'environments.save': null;
  'environments.remove': null;
  'environments.select': null;
  /** By name. */
  'variables.list': VariableState[];
  'variables.preview': { ok: true; text: string } | { ok: false; error: string };
  'secrets.state': SecretsState;
  'secrets.set': null;
  'secrets.allowFile': SecretsState;
  'history.list': { total: number; runs: Run[] };
  'history.open': SessionState;
  'history.rename': Run;
  'history.keep': Run;
  'history.remove': null;
  'script.run': null;
  'script.stop': null;
  /** `messages`: what the script sends by name, to be added to the config's. */
  'script.record': { script: Step[]; messages: SavedMessage[] };
  'script.format': { text: string };
  'script.parse': { ok: true; script: Step[] } | { ok: false; error: string; line?: number };
  'filter.fields': { name: string; label: string; type: string }[];
  'filter.check': { ok: true } | { ok: false; error: string; at: number };
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
