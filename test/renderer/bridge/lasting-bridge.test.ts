import { describe, expect, it, vi } from 'vitest';
import type { Channel } from '../../../src-main/bridge/channel.ts';
import { createLastingBridge } from '../../../src-renderer/bridge/lasting-bridge.ts';

/** An engine that answers every call with its own name, until it dies. */
function engine(name: string) {
  let receive: (message: unknown) => void = () => {};
  let close: () => void = () => {};
  let alive = true;
  const channel: Channel = {
    send(message) {
      if (alive && 'id' in message) queueMicrotask(() => receive({ id: message.id, ok: true, output: name }));
    },
    onMessage: (listener) => {
      receive = listener;
    },
    onClose: (listener) => {
      close = listener;
    },
    close: () => {},
  };
  return {
    channel,
    announce: (announcement: unknown) => receive({ announcement }),
    die: () => {
      alive = false;
      close();
    },
  };
}

describe('a lasting bridge', () => {
  it('goes on with a new engine: calls, announcements and state', async () => {
    const first = engine('first');
    const second = engine('second');
    const open = vi.fn().mockResolvedValueOnce(first.channel).mockResolvedValueOnce(second.channel);
    const bridge = createLastingBridge(open);
    const states: string[] = [];
    const heard: unknown[] = [];
    bridge.onState((state) => states.push(state));
    bridge.listen((announcement) => heard.push(announcement));

    expect(await bridge.call('sessions.list', {})).toBe('first');
    first.die();
    await expect(bridge.call('sessions.list', {})).rejects.toMatchObject({ problem: { code: 'ENGINE_GONE' } });
    await bridge.reconnect();
    expect(await bridge.call('sessions.list', {})).toBe('second');
    second.announce({ type: 'sessionRemoved', session: 's1' });

    expect(states).toEqual(['open', 'gone', 'open']);
    expect(heard).toEqual([{ type: 'sessionRemoved', session: 's1' }]);
  });

  it('is gone when it could not connect at all', async () => {
    const bridge = createLastingBridge(() => Promise.reject(new Error('nobody there')));
    const states: string[] = [];
    bridge.onState((state) => states.push(state));
    await expect(bridge.call('app.info', {})).rejects.toThrow('nobody there');
    expect(states.at(-1)).toBe('gone');
  });

  it('stays gone when reconnecting fails, and can try again', async () => {
    const first = engine('first');
    const third = engine('third');
    const open = vi
      .fn()
      .mockResolvedValueOnce(first.channel)
      .mockRejectedValueOnce(new Error('still down'))
      .mockResolvedValueOnce(third.channel);
    const bridge = createLastingBridge(open);
    await bridge.call('app.info', {});
    first.die();
    await expect(bridge.reconnect()).rejects.toThrow('still down');
    await expect(bridge.call('app.info', {})).rejects.toMatchObject({ problem: { code: 'ENGINE_GONE' } });
    await bridge.reconnect();
    expect(await bridge.call('app.info', {})).toBe('third');
  });
});
