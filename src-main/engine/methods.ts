// How the engine's methods are written down: each group of the contract's methods (`workspace.…`, `history.…`) is made by
// a module of its own, from what it may know of the rest.
import type { AppInfo, Input, MethodName, Output } from '../bridge/contract.ts';
import type { SessionConfig, VariablesConfig } from '../core/session-config.ts';
import type { EngineParts } from './parts.ts';
import type { Session } from './session/session.ts';
import type { Place } from './workspace/place.ts';

export type Method<M extends MethodName> = (input: Input<M>) => Promise<Output[M]> | Output[M];

/** All methods of a group: `MethodsOf<'history'>` has `history.list` and the others. */
export type MethodsOf<Group extends string> = {
  [M in MethodName as M extends `${Group}.${string}` ? M : never]: Method<M>;
};

/** What a group of methods may know of the rest of the engine. */
export interface GroupHost {
  readonly dataFolder: string;
  readonly app: AppInfo['host'];
  readonly parts: EngineParts;
  /** Throws a ProblemError with code NO_SESSION. */
  session(id: string): Session;
  sessions(): Iterable<Session>;
  /** A new session of the scratch area. */
  create(config: SessionConfig): Session;
  /** A new session of the scratch area that reads a capture. Rejects, and there is none, if its file is no capture. */
  openCapture(config: SessionConfig): Promise<Session>;
  /** Ends a session of the scratch area for good: nothing brings it back. */
  forget(session: Session): Promise<void>;
  place(session: Session): Place;
  /** The open workspace: where its settings begin, and its selected environment; `problem`: why the latter's file cannot be used. */
  workspace(): {
    settingsRoot: string | null;
    environment: { name: string; variables: VariablesConfig; problem?: string } | null;
  };
  /** A session's state is another. */
  changed(session: Session): void;
  /** Takes a line about what no session can show. */
  log(line: string): void;
}
