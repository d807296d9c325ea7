// A bridge that outlives its connection: callers and listeners stay while the engine behind it is restarted. Calls made
// while a connection is being opened wait for it; calls without one fail at once.
import type { Channel } from '../../src-main/bridge/channel.ts';
import { createBridge } from '../../src-main/bridge/client.ts';
import type { Announcement, Bridge, Input, MethodName, Output } from '../../src-main/bridge/contract.ts';

export interface LastingBridge extends Bridge {
  /** Opens a new connection after the old one was lost. Rejects if that fails. */
  reconnect(): Promise<void>;
}

/** Connects at once through `open`, and again whenever reconnect() is called. */
export function createLastingBridge(open: () => Promise<Channel>): LastingBridge {
  const listeners = new Set<(announcement: Announcement) => void>();
  const stateListeners = new Set<(state: 'open' | 'gone') => void>();
  let state: 'open' | 'gone' = 'open';
  let current = connect();

  function setState(next: 'open' | 'gone'): void {
    state = next;
    for (const listener of stateListeners) listener(next);
  }

  async function connect(): Promise<Bridge> {
    const inner = createBridge(await open());
    inner.listen((announcement) => {
      for (const listener of listeners) listener(announcement);
    });
    inner.onState((next) => {
      if (next === 'gone') setState('gone');
    });
    return inner;
  }

  current.catch(() => setState('gone'));

  return {
    async call<M extends MethodName>(method: M, input: Input<M>): Promise<Output[M]> {
      return (await current).call(method, input);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onState(listener) {
      stateListeners.add(listener);
      listener(state);
      return () => stateListeners.delete(listener);
    },
    async reconnect() {
      const next = connect();
      const bridge = await next;
      // A channel may open and be refused at once: only an answer proves an engine.
      await bridge.call('app.info', {});
      current = next;
      setState('open');
    },
  };
}
