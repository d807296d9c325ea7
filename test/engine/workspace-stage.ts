// What the tests of the opened workspace stand on: an engine, and a folder to open. Importing this gives each test new ones.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Announcement, TreeNode } from '../../src-main/bridge/contract.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { type FakeParts, fakeParts } from './fakes.ts';

export const CHAT: SessionConfig = { wirescope: 1, name: 'Chat', role: 'client', protocol: 'tcp', target: 'tcp://h:1' };
/** As a session file, with a comment. */
export const TEXT = 'wirescope: 1\nname: Chat # ours\nrole: client\nprotocol: tcp\ntarget: tcp://h:1\n';

/** Holds all that a test writes. */
export let folder: string;
/** The workspace. */
export let root: string;
/** The engine that was started last, and what it was made of, announced and logged. */
export let engine: Engine;
export let parts: FakeParts;
export let heard: Announcement[];
export let logged: string[];

/** `workspace`: opened instead of the one that was open last. */
export async function start(workspace?: string): Promise<void> {
  heard = [];
  logged = [];
  parts = fakeParts();
  engine = await createEngine({
    dataFolder: join(folder, 'data'),
    ...(workspace !== undefined && { workspace }),
    samplesFolder: join(folder, 'samples'),
    host: 'headless',
    version: '1.2.3',
    parts,
    log: (line) => logged.push(line),
  });
  engine.listen((announcement) => heard.push(announcement));
}

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'wirescope-workspace-')));
  root = join(folder, 'work');
  mkdirSync(join(folder, 'data'));
  mkdirSync(root);
});
afterEach(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true, force: true });
});

export function write(path: string, text = TEXT): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

export const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The tree as lines: `chat/`, `chat/a.yaml`, `!broken.yaml`. */
export function lines(nodes: TreeNode[]): string[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'folder') return [`${node.path}/`, ...lines(node.children)];
    return [node.kind === 'broken' ? `!${node.path}` : node.path];
  });
}

export const state = () => engine.call('workspace.state', {});
export const tree = async () => lines((await state()).tree);

export async function sessionAt(path: string) {
  const all = await engine.call('sessions.list', {});
  const found = all.find(({ place }) => place.in === 'workspace' && place.path === path);
  if (!found) throw new Error(`There is no session at ${path}, only at ${all.map(({ place }) => place.path)}`);
  return found;
}
