// A workspace on a system that watches no folders, as network drives and full tables of watches have it: what others write
// is noticed all the same.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { eventually } from '../eventually.ts';
import { fakeParts, scratchFolder } from './fakes.ts';

const { watches } = vi.hoisted(() => ({ watches: { refused: 0 } }));

vi.mock('node:fs', async (original) => ({
  ...(await original<typeof import('node:fs')>()),
  watch: () => {
    watches.refused += 1;
    throw Object.assign(new Error('ENOSPC: System limit for number of file watchers reached'), { code: 'ENOSPC' });
  },
}));

const TEXT = 'wirescope: 1\nname: Chat\nrole: client\nprotocol: tcp\ntarget: tcp://h:1\n';

let root: string;
let engine: Engine;

beforeEach(async () => {
  const folder = scratchFolder();
  root = join(folder, 'work');
  mkdirSync(root);
  writeFileSync(join(root, 'a.yaml'), TEXT);
  engine = await createEngine({
    dataFolder: join(folder, 'data'),
    workspace: root,
    host: 'headless',
    version: '1',
    parts: fakeParts(),
    log: () => {},
  });
});
afterEach(() => engine.dispose());

test('changes, new files and removals come without any watch', async () => {
  expect(watches.refused).toBeGreaterThan(0);
  writeFileSync(join(root, 'a.yaml'), TEXT.replace('name: Chat', 'name: Elsewhere'));
  mkdirSync(join(root, 'later'));
  writeFileSync(join(root, 'later', 'b.yaml'), TEXT);
  const names = async () => (await engine.call('sessions.list', {})).map(({ config }) => config.name).sort();
  await eventually(async () => expect(await names()).toEqual(['Chat', 'Elsewhere']));

  rmSync(join(root, 'later', 'b.yaml'));
  const states = async () => (await engine.call('sessions.list', {})).flatMap(({ disk }) => disk?.state ?? []);
  await eventually(async () => expect(await states()).toEqual(['removed']));
}, 30_000);
