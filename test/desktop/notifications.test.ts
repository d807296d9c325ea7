// Notifications: off until asked for, of sessions that end while no window is looked at, without a word from the wire.
import { beforeEach, expect, test, vi } from 'vitest';
import type { Announcement, Bridge } from '../../src-main/bridge/contract.ts';
import { Notifications } from '../../src-main/desktop/notifications.ts';
import { BrowserWindow, Notification } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

beforeEach(() => {
  Notification.shown = [];
  BrowserWindow.getFocusedWindow.mockReturnValue(null);
});

const session = (id: string, phase: string) => ({ id, phase, status: 'Closed: canary', config: { name: `The ${id}` } });

/** An engine in which the sessions `listed` run. */
function engine(...listed: string[]) {
  const listeners = new Set<(announcement: Announcement) => void>();
  const bridge = {
    call: async () => listed.map((id) => session(id, 'open')),
    listen(listener: (announcement: Announcement) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as Bridge;
  const announce = (announcement: object) => {
    for (const listener of listeners) listener(announcement as Announcement);
  };
  return {
    bridge,
    listeners,
    become: (id: string, phase: string) => announce({ type: 'session', session: session(id, phase) }),
    announce,
  };
}

async function following(wanted: boolean, ...listed: string[]) {
  const running = engine(...listed);
  const host = { wanted: vi.fn(() => wanted), bridge: vi.fn(() => running.bridge), show: vi.fn() };
  const notifications = new Notifications(host);
  notifications.follow();
  await new Promise(setImmediate);
  return { ...running, host, notifications };
}

const shown = () => Notification.shown.map(({ options }) => options);

test('unasked, the engine is not even listened to', async () => {
  const { host, listeners } = await following(false, 'chat');
  expect(host.bridge).not.toHaveBeenCalled();
  expect(listeners.size).toBe(0);
});

test('a session that ends or fails is told by its name, once', async () => {
  const { become } = await following(true, 'chat');
  become('chat', 'closed');
  become('chat', 'closed');
  become('echo', 'connecting');
  become('echo', 'failed');
  become('file', 'loading');
  become('file', 'closed');
  expect(shown()).toEqual([
    { title: 'The chat', body: 'The session has ended.' },
    { title: 'The echo', body: 'The session failed.' },
  ]);
});

test('nobody is told who looks at a window, nor of what was removed', async () => {
  const { become, announce } = await following(true, 'chat', 'echo');
  BrowserWindow.getFocusedWindow.mockReturnValue({});
  become('chat', 'closed');
  BrowserWindow.getFocusedWindow.mockReturnValue(null);
  announce({ type: 'sessionRemoved', session: 'echo' });
  become('echo', 'closed');
  expect(shown()).toEqual([]);
});

test('a click shows the session', async () => {
  const { become, host } = await following(true, 'chat');
  become('chat', 'failed');
  Notification.shown[0]?.emit('click');
  expect(host.show).toHaveBeenCalledExactlyOnceWith('chat');
});

test('turned off, and with an engine that is another, the old one is not listened to', async () => {
  const { host, notifications, listeners, become } = await following(true, 'chat');
  const next = engine();
  host.bridge.mockReturnValue(next.bridge);
  notifications.follow();
  expect([listeners.size, next.listeners.size]).toEqual([0, 1]);
  host.wanted.mockReturnValue(false);
  notifications.follow();
  expect(next.listeners.size).toBe(0);
  become('chat', 'closed');
  expect(shown()).toEqual([]);
});
