// Which message type is being composed: what a client's method takes, or what the call gives that a mock answers by hand.
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { CallState } from '../../src-main/core/grpc-call.ts';
import type { ServiceMethod } from '../../src-main/core/schema.ts';
import { methodOf, useSchema } from '../schema/schema-store.ts';
import { configOf, useSessions } from '../stores/sessions.ts';
import { type Recipients, useDraft } from './draft-store.ts';
import { newest } from './use-calls.ts';

export interface Composed {
  method: ServiceMethod | undefined;
  /** Full name; undefined where no schema knows. */
  type: string | undefined;
}

/** The call that a draft goes to: the one that is named as long as it goes on, else the one that began last and waits. */
export function addressedCall(to: Recipients, calls: readonly CallState[]): CallState | undefined {
  const open = calls.filter((call) => !call.ended);
  const named = Array.isArray(to) ? open.find((call) => call.call === to[0]) : undefined;
  return named ?? newest(open.filter((call) => call.waiting)) ?? newest(open);
}

/** undefined for sessions of other protocols. */
export function useComposed(session: SessionState, calls: readonly CallState[]): Composed | undefined {
  const { id, config } = session;
  const state = useSchema(id)?.state;
  const path = useSessions((sessions) => configOf(sessions, id)?.grpc?.method);
  const { to } = useDraft(id);
  if (config.protocol !== 'grpc') return undefined;
  if (config.role === 'client') {
    const method = methodOf(state, path);
    return { method, type: method?.input };
  }
  const method = methodOf(state, addressedCall(to, calls)?.method);
  return { method, type: method?.output };
}
