// What a page may not do. Each test fails when its lock is taken away.
import { EventEmitter } from 'node:events';
import type { Session, WebContents } from 'electron';
import { beforeEach, expect, test, vi } from 'vitest';
import { CONFINED_PREFERENCES, confineContents, confineSession } from '../../src-main/desktop/confinement.ts';
import * as electron from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

beforeEach(() => vi.clearAllMocks());

test('windows are sandboxed and isolated, without Node', () => {
  expect(CONFINED_PREFERENCES).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  });
});

class FakeSession extends EventEmitter {
  request: ((contents: unknown, permission: string, answer: (granted: boolean) => void) => void) | undefined;
  check: ((contents: unknown, permission: string) => boolean) | undefined;
  device: (() => boolean) | undefined;
  urls: string[] = [];
  answer: ((request: unknown, answer: (verdict: { cancel?: boolean }) => void) => void) | undefined;
  setPermissionRequestHandler = (handler: FakeSession['request']) => {
    this.request = handler;
  };
  setPermissionCheckHandler = (handler: FakeSession['check']) => {
    this.check = handler;
  };
  setDevicePermissionHandler = (handler: FakeSession['device']) => {
    this.device = handler;
  };
  webRequest = {
    onBeforeRequest: ({ urls }: { urls: string[] }, answer: FakeSession['answer']) => {
      this.urls = urls;
      this.answer = answer;
    },
  };
}

function confinedSession(): FakeSession {
  const session = new FakeSession();
  confineSession(session as unknown as Session);
  return session;
}

test.each([
  'geolocation',
  'media',
  'notifications',
  'clipboard-read',
  'hid',
  'serial',
  'usb',
  'openExternal',
  'fullscreen',
])('permission %s is denied, asked for or checked', (permission) => {
  const session = confinedSession();
  const answer = vi.fn();
  session.request?.({}, permission, answer);
  expect(answer).toHaveBeenCalledExactlyOnceWith(false);
  expect(session.check?.({}, permission)).toBe(false);
  expect(session.device?.()).toBe(false);
});

test('a page may write to the clipboard', () => {
  expect(confinedSession().check?.({}, 'clipboard-sanitized-write')).toBe(true);
});

test('no request leaves the app', () => {
  const session = confinedSession();
  for (const scheme of ['http', 'https', 'ws', 'wss', 'file']) expect(session.urls).toContain(`${scheme}://*/*`);
  const answer = vi.fn();
  session.answer?.({}, answer);
  expect(answer).toHaveBeenCalledExactlyOnceWith({ cancel: true });
});

test.each<[string, boolean]>([
  ['blob:app://wirescope/1-2', false],
  ['https://example.test/a.exe', true],
  ['data:text/html,x', true],
  ['blob:https://example.test/1', true],
  ['app://wirescope/index.html', true],
])('a download of %s is prevented: %s', (url, prevented) => {
  const event = electron.preventable();
  confinedSession().emit('will-download', event, { getURL: () => url });
  expect(event.prevented).toBe(prevented);
});

class FakeContents extends EventEmitter {
  open: ((details: { url: string }) => { action: string }) | undefined;
  setWindowOpenHandler = (handler: FakeContents['open']) => {
    this.open = handler;
  };
  setWebRTCIPHandlingPolicy = vi.fn();
}

function confinedContents(): FakeContents {
  const contents = new FakeContents();
  confineContents(contents as unknown as WebContents);
  return contents;
}

test.each(['will-navigate', 'will-redirect'])('%s goes nowhere but to the app', (name) => {
  const contents = confinedContents();
  for (const [url, prevented] of [
    ['https://example.test/', true],
    ['file:///etc/passwd', true],
    ['app://wirescope.evil/', true],
    ['data:text/html,x', true],
    ['javascript:alert(1)', true],
    ['app://wirescope/', false],
  ] as const) {
    const event = electron.preventable();
    contents.emit(name, event, url);
    expect(event.prevented, url).toBe(prevented);
  }
});

test('WebRTC opens no sockets of its own', () => {
  expect(confinedContents().setWebRTCIPHandlingPolicy).toHaveBeenCalledExactlyOnceWith('disable_non_proxied_udp');
});

test('no webview is attached', () => {
  const event = electron.preventable();
  confinedContents().emit('will-attach-webview', event);
  expect(event.prevented).toBe(true);
});

test.each<[string, boolean]>([
  ['https://example.test/docs', true],
  ['mailto:a@example.test', true],
  ['http://example.test/', false],
  ['file:///etc/passwd', false],
  ['javascript:alert(1)', false],
  ['smb://example.test/share', false],
  ['ms-msdt:/id', false],
  ['vscode://x', false],
  ['app://wirescope/', false],
  ['https://trusted.test@evil.test/', false],
  [`https://example.test/${'a'.repeat(3000)}`, false],
  ['not a url', false],
])('a link to %s opens no window, and the system’s program: %s', (url, external) => {
  expect(confinedContents().open?.({ url })).toEqual({ action: 'deny' });
  expect(electron.shell.openExternal.mock.calls).toEqual(external ? [[url]] : []);
});
