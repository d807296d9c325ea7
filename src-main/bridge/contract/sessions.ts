// Sessions: what they are told to do, and all that is known of one without asking for its rows.
import { z } from 'zod';
import type { Problem } from '../../core/event.ts';
import type { CallState } from '../../core/grpc-call.ts';
import {
  contentSchema,
  grpcStatusSchema,
  MAX_DURATION_MS,
  metadataSchema,
  type SessionConfig,
  sessionConfigSchema,
} from '../../core/session-config.ts';
import { MAX_ITEMS, rowCount, seq, sessionId, workspacePath } from './inputs.ts';
import type { ScriptState } from './scripts.ts';

const recipients = z.union([z.literal('all'), z.literal('last'), z.array(z.number().int().positive()).max(100_000)]);

const controlSchema = z.discriminatedUnion('type', [
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

/** A message, or how long to wait before the next. */
const listEntry = z.union([
  z.strictObject({ send: contentSchema }),
  z.strictObject({ waitMs: z.number().min(0).max(MAX_DURATION_MS) }),
]);

export const sessionMethods = {
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
  /** How the session's file names files: relative to itself where they lie in its workspace. */
  'sessions.nameFiles': z.strictObject({
    session: sessionId,
    paths: z.array(z.string().min(1).max(4096)).max(MAX_ITEMS),
  }),
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
  /**
   * Messages that follow one another by themselves, of gRPC into one call. Answered when all of them are known to be such
   * that they can be sent; what fails later is in the session's state. Ends a series that goes on.
   */
  'sessions.sendList': z.strictObject({
    session: sessionId,
    list: z
      .array(listEntry)
      .min(1)
      .max(2 * MAX_ITEMS),
    to: recipients,
    /** Of gRPC: says at the end that no more comes. */
    endStreaming: z.boolean(),
  }),
  /** Ends a repetition or a list. */
  'sessions.stopSending': z.strictObject({ session: sessionId }),
  'sessions.control': z.strictObject({ session: sessionId, command: controlSchema, to: recipients }),
  'sessions.connections': z.strictObject({ session: sessionId, from: seq, count: rowCount }),
  'sessions.calls': z.strictObject({ session: sessionId, from: seq, count: rowCount }),
  /** One click: a built-in echo server on a free port and a client to it, both started. Answers the client's session. */
  'sessions.tryIt': z.strictObject({}),
} as const;

export interface SessionOutput {
  'sessions.list': SessionState[];
  'sessions.create': SessionState;
  'sessions.update': SessionState;
  'sessions.remove': null;
  'sessions.place': SessionState;
  'sessions.resolveDisk': null;
  'sessions.nameFiles': { paths: string[] };
  'sessions.start': null;
  'sessions.stop': null;
  'sessions.send': { recipients: number };
  'sessions.sendList': null;
  'sessions.stopSending': null;
  'sessions.control': null;
  /** Times in microseconds since the Unix epoch. */
  'sessions.connections': {
    total: number;
    connections: { connection: number; peer: string; label: string; openedAt: number; closedAt?: number }[];
  };
  'sessions.calls': { total: number; calls: CallState[] };
  'sessions.tryIt': SessionState;
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
  /**
   * changed: both changed the same places. removed: the file is gone. broken: what is in it now is no session. newer: it is
   * one of a later format, which nobody writes over.
   */
  state: 'changed' | 'removed' | 'broken' | 'newer';
  /** Places that both changed, as `websocket.headers.X-Team` or `script[2]`. */
  conflicts: string[];
  /** What is wrong with the file, with its line. */
  problem?: string;
}

export interface InheritedSetting {
  /** Of the config: `websocket.headers.X-Team`. */
  path: string;
  /** As JSON, but for a text; '' for a secret. File names are as seen from the session's folder. */
  value: string;
  /** The file that says so: `services/wirescope.yaml`. */
  from: string;
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
  /** What counts beside `config`, because a wirescope.yaml says so; absent: nothing. */
  inherited?: InheritedSetting[];
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
  /** Messages that follow one another by themselves: a repetition, or a list. */
  series?: { sent: number; of: number };
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
