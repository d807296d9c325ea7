// Opening files by path: which session each becomes, and that nothing is started by it.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import type { Bridge, WorkspaceState } from '../../src-main/bridge/contract.ts';
import { openDocument } from '../../src-main/desktop/documents.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirescope-documents-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text = ''): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function host(workspace: Partial<WorkspaceState> = { folder: null }) {
  const call = vi.fn(async (method: string, _input: unknown) =>
    method === 'workspace.state' ? workspace : { id: 'new' },
  );
  return {
    call,
    bridge: () => ({ call }) as unknown as Bridge,
    show: vi.fn(),
    complain: vi.fn(),
    opened: vi.fn(),
    missing: vi.fn(),
  };
}

test('a capture is opened by its path', async () => {
  const to = host();
  const path = file('a.pcapng');
  await openDocument(path, to);
  expect(to.call.mock.calls).toEqual([['captures.open', { path }]]);
  expect(to.show).toHaveBeenCalledWith('new');
  expect(to.opened).toHaveBeenCalledWith(path);
  expect(to.complain).not.toHaveBeenCalled();
});

test('a session file becomes a session that is not started', async () => {
  const to = host();
  const path = file(
    'a.yaml',
    'wirescope: 1\nname: Echo\nrole: client\nprotocol: tcp\ntarget: tls://a.test:1\ntls: { ca: ca.pem }\n',
  );
  await openDocument(path, to);
  expect(to.call.mock.calls.slice(1)).toEqual([
    ['sessions.create', { config: expect.objectContaining({ name: 'Echo', tls: { ca: join(folder, 'ca.pem') } }) }],
  ]);
});

test('a session file of the open workspace is the session it is', async () => {
  const path = file('mine.yaml', 'wirescope: 1\nname: Mine\nrole: client\nprotocol: tcp\n');
  const root = realpathSync(folder);
  const tree: WorkspaceState['tree'] = [
    { kind: 'folder', path: 'a', children: [{ kind: 'session', path: 'a/mine.yaml', session: 'other' }] },
    { kind: 'session', path: 'mine.yaml', session: 'known' },
  ];
  const to = host({ folder: root, tree });
  await openDocument(path, to);
  expect(to.show).toHaveBeenCalledWith('known');
  expect(to.call.mock.calls).toEqual([['workspace.state', {}]]);
});

test('a .proto file becomes a gRPC client that knows it', async () => {
  const to = host();
  const path = file('greeter.proto');
  await openDocument(path, to);
  const config = { role: 'client', protocol: 'grpc', name: 'greeter.proto' };
  expect(to.call.mock.calls).toEqual([['sessions.create', { config: expect.objectContaining(config) }]]);
});

test('what cannot be opened is said, with the line', async () => {
  const to = host();
  await openDocument(file('b.yaml', 'wirescope: 1\nname: x\nrole: pilot\nprotocol: tcp\n'), to);
  expect(to.complain).toHaveBeenCalledWith(join(folder, 'b.yaml'), expect.stringContaining('line 3'));
  expect(to.call).not.toHaveBeenCalledWith('sessions.create', expect.anything());
  expect(to.opened).not.toHaveBeenCalled();
});

test.each([
  ['a file that is gone', 'gone.pcapng', /no such file/],
  ['a folder', '.', /no file/],
  ['a stranger’s file', 'a.exe', /Wirescope opens/],
])('%s is refused', async (_title, name, reason) => {
  if (name === 'a.exe') file(name);
  const to = host();
  await openDocument(join(folder, name), to);
  expect(to.complain).toHaveBeenCalledWith(join(folder, name), expect.stringMatching(reason));
  expect(to.missing).toHaveBeenCalledTimes(name === 'gone.pcapng' ? 1 : 0);
  expect(to.show).not.toHaveBeenCalled();
});

test('without an engine it says so', async () => {
  const to = { ...host(), bridge: () => undefined };
  await openDocument(file('c.pcap'), to);
  expect(to.complain).toHaveBeenCalledWith(expect.any(String), expect.stringContaining('engine is not running'));
});
