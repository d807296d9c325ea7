// The asking end of the bridge, whatever carries it: numbers requests, keeps those that wait, hands out announcements.
// Runs in the renderer too: imports types only.
import type { Problem } from '../core/event.ts';
import type { Channel } from './channel.ts';
import type { Announcement, Bridge, Input, MethodName, Output, Response } from './contract.ts';

/** Path of the gateway's WebSocket, on the origin that served the app. */
export const BRIDGE_PATH = '/bridge';

/** A call that failed, with what a person can do about it. */
export class BridgeError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.what);
    this.name = 'BridgeError';
    this.problem = problem;
  }
}

const GONE: Problem = {
  what: 'The engine is gone.',
  why: 'Its process ended or the connection to it was cut.',
  next: 'Restart the engine; captures up to now are on disk.',
  code: 'ENGINE_GONE',
};

interface Waiting {
  resolve(output: never): void;
  reject(error: BridgeError): void;
}

/** A bridge over a channel. Once the channel is closed, every call rejects with code ENGINE_GONE. */
export function createBridge(channel: Channel): Bridge & { close(): void } {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(announcement: Announcement) => void>();
  const stateListeners = new Set<(state: 'open' | 'gone') => void>();
  let lastId = 0;
  let gone = false;

  function settle(response: Response): void {
    const call = waiting.get(response.id);
    if (!call) return;
    waiting.delete(response.id);
    if (response.ok) call.resolve(response.output as never);
    else call.reject(new BridgeError(response.problem));
  }

  channel.onMessage((received) => {
    const message = received as Response | { announcement: Announcement };
    if ('announcement' in message) for (const listener of listeners) listener(message.announcement);
    else settle(message);
  });
  channel.onClose(() => {
    gone = true;
    for (const call of waiting.values()) call.reject(new BridgeError(GONE));
    waiting.clear();
    for (const listener of stateListeners) listener('gone');
  });

  return {
    call<M extends MethodName>(method: M, input: Input<M>): Promise<Output[M]> {
      if (gone) return Promise.reject(new BridgeError(GONE));
      const id = ++lastId;
      return new Promise<Output[M]>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        channel.send({ id, method, input });
      });
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onState(listener) {
      stateListeners.add(listener);
      listener(gone ? 'gone' : 'open');
      return () => stateListeners.delete(listener);
    },
    close: () => channel.close(),
  };
}
