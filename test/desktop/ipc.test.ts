// Main's channels: nobody but the app's own main frame is answered, and no argument is believed.
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { channels } from '../../src-main/desktop/host.ts';
import { serveIpc } from '../../src-main/desktop/ipc.ts';
import * as electron from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

const contents = { send: vi.fn(), postMessage: vi.fn() };
const window = {};
const host = {
  engine: { start: vi.fn(), openPort: vi.fn(() => ({}) as never) },
  isUp: vi.fn(),
  openFiles: vi.fn(async () => {}),
  openPath: vi.fn(async () => {}),
  setTheme: vi.fn(),
};
const app = { sender: contents, senderFrame: { url: 'app://wirescope/', parent: null } };
const effects = () => [
  ...[host.engine.start, host.engine.openPort, host.isUp, host.openFiles, host.openPath, host.setTheme, contents.send],
  ...[contents.postMessage, ...Object.values(electron.dialog), ...Object.values(electron.shell)],
];

beforeAll(() => {
  electron.windows.set(contents, window);
  serveIpc(host);
});
beforeEach(() => vi.clearAllMocks());

const valid: { [channel: string]: unknown } = {
  [channels.restartEngine]: undefined,
  [channels.openFiles]: undefined,
  [channels.openPath]: '/captures/a.pcapng',
  [channels.reveal]: '/captures/a.pcapng',
  [channels.setTheme]: 'dark',
  [channels.chooseFiles]: { title: 'Open', extensions: ['pem'], several: true },
  [channels.chooseFolder]: { title: 'Open workspace', create: false },
  [channels.chooseSavePath]: { title: 'Save', defaultName: 'a.pcapng' },
};

test('every channel of the page is known here', () => {
  expect([...electron.handlers.keys()].sort()).toEqual(Object.keys(valid).sort());
  expect([...electron.listeners.keys()]).toEqual([channels.requestPort]);
});

const strangers = {
  'another origin': { sender: contents, senderFrame: { url: 'https://example.test/', parent: null } },
  'a frame within the app': { sender: contents, senderFrame: { url: 'app://wirescope/', parent: {} } },
  'a frame that is gone': { sender: contents, senderFrame: null },
  'contents without a window': { sender: {}, senderFrame: app.senderFrame },
};

test.each(Object.keys(strangers) as (keyof typeof strangers)[])('%s is refused on every channel', async (name) => {
  for (const [channel, handler] of electron.handlers)
    expect(() => handler(strangers[name], valid[channel]), channel).toThrow('refused');
  electron.listeners.get(channels.requestPort)?.(strangers[name]);
  for (const effect of effects()) expect(effect).not.toHaveBeenCalled();
});

test('the app itself is answered', async () => {
  for (const [channel, handler] of electron.handlers) await handler(app, valid[channel]);
  expect(host.engine.start).toHaveBeenCalledOnce();
  expect(host.openFiles).toHaveBeenCalledWith(window);
  expect(host.openPath).toHaveBeenCalledWith('/captures/a.pcapng');
  expect(electron.shell.showItemInFolder).toHaveBeenCalledWith('/captures/a.pcapng');
  expect(host.setTheme).toHaveBeenCalledWith('dark');
  electron.listeners.get(channels.requestPort)?.(app);
  expect(contents.postMessage).toHaveBeenCalledWith(channels.port, null, [{}]);
  expect(host.isUp).toHaveBeenCalledWith(window);
});

const long = 'a'.repeat(5000);
const invalid: { [channel: string]: unknown[] } = {
  [channels.restartEngine]: [1, {}, 'x'],
  [channels.openFiles]: ['/etc/passwd', {}],
  [channels.openPath]: [undefined, '', 'relative/a.pcapng', 7, {}, `/${long}`, '/a\0b'],
  [channels.reveal]: [undefined, '', 'relative', null, ['/a'], `/${long}`, '/a\0b'],
  [channels.setTheme]: [undefined, null, '', 'blue', 7, ['dark']],
  [channels.chooseFiles]: [
    ...[undefined, null, 'title', [], {}, { title: '' }, { title: long }, { title: 7 }],
    { title: 'a', extensions: 'pem' },
    { title: 'a', extensions: ['../x'] },
    { title: 'a', extensions: [7] },
    { title: 'a', several: 'yes' },
    { title: 'a', extensions: Array(21).fill('a') },
    { title: 'a', properties: ['openDirectory'] },
  ],
  [channels.chooseFolder]: [
    ...[undefined, null, 'title', {}, { title: 'a' }, { title: '', create: true }, { title: 'a', create: 'yes' }],
    { title: 'a', create: true, properties: ['openFile'] },
  ],
  [channels.chooseSavePath]: [
    ...[undefined, null, {}, { title: 'a' }, { title: 'a', defaultName: '' }, { title: 'a', defaultName: 'a\0' }],
    { title: 'a', defaultName: 'a', securityScopedBookmarks: true },
  ],
};

test.each(Object.keys(valid))('%s takes no other arguments', (channel) => {
  const handler = electron.handlers.get(channel);
  for (const argument of invalid[channel] ?? [])
    expect(() => handler?.(app, argument), JSON.stringify(argument)?.slice(0, 80)).toThrow(TypeError);
  expect(() => handler?.(app, valid[channel], 'another')).toThrow(TypeError);
  for (const effect of effects()) expect(effect).not.toHaveBeenCalled();
});
