// What happened to a session that no byte on the wire tells: resolving, connecting, TLS, failing. Events are records
// too; in a capture file they ride as JSON in a packet comment.
import type { Severity } from './field.ts';

/** Event types; the position is `TimelineRecord.type` of an event record, so only append. */
export const EVENT_TYPES = [
  'connecting',
  'resolved',
  'connected',
  'tls',
  'listening',
  'accepted',
  'closed',
  'failed',
  'reconnecting',
  'limit',
  'ended',
  'proxy',
  'info',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** An error a person can act on. */
export interface Problem {
  /** What happened, one sentence: `Nothing is listening on 127.0.0.1:9001.` */
  what: string;
  /** The likely reason, or ''. */
  why: string;
  /** What to try next, or ''. */
  next: string;
  /** The system's or library's own code, as `ECONNREFUSED`, for search and for "copy details". */
  code?: string;
  /** Their own words, for "copy details". */
  details?: string;
}

export interface LifecycleEvent {
  type: EventType;
  severity: Severity;
  /** One line for the timeline. */
  text: string;
  /** Named values for the inspector, in reading order: `cipher`, `address`, `certificate expires`. Never a secret. */
  fields?: { [name: string]: string | number | boolean };
  problem?: Problem;
}
