// What the shell remembers, opens and writes down: windows' places, recent files, arguments, the log.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { commandLineArguments } from '../../src-main/desktop/command-line.ts';
import { DesktopState, MAX_RECENT_FILES } from '../../src-main/desktop/desktop-state.ts';
import { filesOfArguments, kindOfFile } from '../../src-main/desktop/file-kind.ts';
import { LogFile } from '../../src-main/desktop/log-file.ts';
import { scrub } from '../../src-main/desktop/scrub.ts';
import { withAbsolutePaths } from '../../src-main/desktop/session-paths.ts';
import { cascade, fitToDisplays, parsePlacement } from '../../src-main/desktop/window-placement.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

const folder = mkdtempSync(join(tmpdir(), 'wirescope-shell-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DISPLAYS = [
  { x: 0, y: 0, width: 1920, height: 1040 },
  { x: 1920, y: 0, width: 1280, height: 700 },
];

test.each([
  ['where it stood', { x: 100, y: 50, width: 1200, height: 800 }, { x: 100, y: 50, width: 1200, height: 800 }],
  [
    'on the second display, no taller than it',
    { x: 2000, y: 0, width: 1000, height: 900 },
    { x: 2000, y: 0, width: 1000, height: 700 },
  ],
  ['back within its edges', { x: 1500, y: -300, width: 1000, height: 900 }, { x: 920, y: 0, width: 1000, height: 900 }],
  ['no smaller than usable', { x: 10, y: 10, width: 100, height: 100 }, { x: 10, y: 10, width: 900, height: 600 }],
  ['anywhere when its display is gone', { x: 5000, y: 10, width: 1000, height: 800 }, undefined],
])('a window opens %s', (_title, wanted, place) => {
  expect(fitToDisplays(wanted, DISPLAYS)).toEqual(place);
});

test('a further window stands beside the first', () => {
  expect(cascade({ x: 1, y: 2, width: 900, height: 600 })).toEqual({ x: 25, y: 26, width: 900, height: 600 });
});

test.each([undefined, null, 7, {}, { bounds: { x: 1, y: 2, width: '3', height: 4 } }, { bounds: { x: 1e300 } }])(
  '%j is no placement',
  (value) => expect(parsePlacement(value)).toBeUndefined(),
);

test('state outlives the process, and a damaged file is as good as none', () => {
  const path = join(folder, 'desktop.json');
  const placement = {
    bounds: { x: 1, y: 2, width: 1000, height: 700 },
    maximized: true,
    fullScreen: false,
    zoomLevel: 1,
  };
  const state = new DesktopState(path);
  expect(state.checkForUpdates).toBe(false);
  expect(state.notify).toBe(false);
  expect(state.theme).toBe('system');
  state.theme = 'dark';
  state.notify = true;
  state.placement = placement;
  for (let i = 0; i < 12; i++) state.addRecentFile(join(folder, `${i}.pcapng`));
  state.addRecentFile(join(folder, '5.pcapng'));
  state.removeRecentFile(join(folder, '9.pcapng'));

  const again = new DesktopState(path);
  expect(again.placement).toEqual(placement);
  expect(again.theme).toBe('dark');
  expect(again.notify).toBe(true);
  expect(again.recentFiles[0]).toBe(join(folder, '5.pcapng'));
  expect(again.recentFiles).toHaveLength(MAX_RECENT_FILES - 1);
  expect(again.recentFiles).not.toContain(join(folder, '9.pcapng'));
  again.clearRecentFiles();
  expect(new DesktopState(path).recentFiles).toEqual([]);

  for (const damaged of [
    '{"recentFiles": [7, "relative", null]',
    '[]',
    'null',
    '"x"',
    '{"recentFiles":{"0":"/a"}, "theme": "blue", "notify": 1, "checkForUpdates": "yes"}',
  ]) {
    writeFileSync(path, damaged);
    expect(new DesktopState(path)).toMatchObject({
      recentFiles: [],
      checkForUpdates: false,
      notify: false,
      theme: 'system',
    });
  }
  expect(() => new DesktopState('/dev/null/x').addRecentFile('/a.pcap')).not.toThrow();
});

test.each([
  ['a.pcapng', 'capture'],
  ['/x/A.PCAP', 'capture'],
  ['session.yaml', 'session'],
  ['service.proto', 'schema'],
  ['a.exe', undefined],
  ['constructor', undefined],
  ['a.constructor', undefined],
  ['pcapng', undefined],
])('%s is a %s', (path, kind) => expect(kindOfFile(path)).toBe(kind));

test('files are found among the arguments of others', () => {
  const args = [
    '--no-sandbox',
    '/app',
    'a.pcapng',
    '/b.proto',
    'file:///tmp/c%20d.yaml',
    '--x=y.pcap',
    'https://e.pcap',
    'file://host/é',
    'b\0.pcap',
  ];
  expect(filesOfArguments(args, '/home')).toEqual([
    '/home/a.pcapng',
    '/b.proto',
    '/tmp/c d.yaml',
    '/home/https:/e.pcap',
  ]);
});

test('the command line begins behind its two marks', () => {
  expect(commandLineArguments(['app', '--no-sandbox', '--cli', '--', 'read', '--', 'x'])).toEqual(['read', '--', 'x']);
  expect(commandLineArguments(['app', '--cli'])).toBeUndefined();
  expect(commandLineArguments(['app', 'a.pcapng'])).toBeUndefined();
});

test('a session file that was opened elsewhere finds its files', () => {
  const config = {
    wirescope: 1 as const,
    name: 'a',
    role: 'client' as const,
    protocol: 'grpc' as const,
    tls: { ca: 'ca.pem', key: '/abs/key.pem', cert: '{{certificates}}/a.pem' },
    grpc: { schema: { files: ['a.proto'], importPaths: ['.'] }, metadata: { file: 'not a path' } },
    messages: [
      { name: 'file', file: 'm.bin' },
      { name: 'json', json: { file: 'not a path', key: ['neither'] } },
    ],
    script: [{ send: { file: '../m.bin' } }],
  };
  expect(withAbsolutePaths(config, '/s')).toEqual({
    ...config,
    tls: { ca: '/s/ca.pem', key: '/abs/key.pem', cert: '{{certificates}}/a.pem' },
    grpc: { schema: { files: ['/s/a.proto'], importPaths: ['/s'] }, metadata: { file: 'not a path' } },
    messages: [{ name: 'file', file: '/s/m.bin' }, config.messages[1]],
    script: [{ send: { file: '/m.bin' } }],
  });
});

const SECRETS = [
  'Authorization: Bearer canary-7',
  'proxy-authorization=Basic canary-7',
  'set-cookie: id=canary-7; Path=/',
  '{"password": "canary-7"}',
  'passphrase: canary-7',
  'apiKey=canary-7',
  'access_token=canary-7',
  'sent Bearer canary-7',
  'connect wss://user:canary-7@example.test/x',
  'GET https://example.test/x?session=canary-7#canary-7',
  'text "a payload of some length with canary-7 in it"',
  'hex 63 61 6e 61 72 79 2d 37 63 61 6e 61 72 79 2d 37',
  'hex 63616e6172792d3763616e6172792d37',
  `base64 ${Buffer.from('canary-7 '.repeat(8)).toString('base64')}`,
  `json {"a": [${'1,'.repeat(30)} "canary-7"]}`,
  '-----BEGIN PRIVATE KEY----- canary-7',
];
test.each(SECRETS)('the log does not say %s', (line) => {
  const hidden = [/canary/i, /63 ?61 ?6e/, /Y2FuYXJ5/];
  for (const canary of hidden) expect(scrub(`at x ${line}`)).not.toMatch(canary);
});

test('what a person needs of an error stays', () => {
  const stack = '    at Session.start (/opt/Wirescope/resources/app.asar/out/main/engine.cjs:12:345)';
  expect(scrub(stack)).toBe(stack);
  expect(scrub('Error: connect ECONNREFUSED 127.0.0.1:9')).toBe('Error: connect ECONNREFUSED 127.0.0.1:9');
  expect(scrub('a\u001b[31mb\u202ec')).toBe('a·[31mb·c');
  expect(scrub('word '.repeat(2000)).length).toBeLessThan(600);
});

test.skipIf(process.platform === 'win32')('what the shell writes is for the user alone', () => {
  const modeOf = (path: string) => statSync(path).mode & 0o777;
  const log = new LogFile(join(folder, 'own', 'logs'));
  log.write('main', 'x');
  expect([modeOf(log.folder), modeOf(log.path)]).toEqual([0o700, 0o600]);
  const state = join(folder, 'own', 'desktop.json');
  new DesktopState(state).addRecentFile('/a.pcap');
  expect(modeOf(state)).toBe(0o600);
});

test('the log rotates, keeps three old files, and fails silently', () => {
  const logs = join(folder, 'logs');
  const log = new LogFile(logs, 1000);
  for (let i = 0; i < 200; i++) log.write('main', `line ${i}\n\n`);
  expect(readdirSync(logs).sort()).toEqual(['wirescope.log', 'wirescope.log.1', 'wirescope.log.2', 'wirescope.log.3']);
  const lines = readFileSync(log.path, 'utf8').trimEnd().split('\n');
  expect(lines.at(-1)).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z main: line 199$/);
  log.write('engine', 'password: canary');
  expect(readFileSync(log.path, 'utf8')).not.toContain('canary');
  expect(() => new LogFile('/dev/null/x').write('main', 'x')).not.toThrow();
});
