import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { CaptureFolder } from '../../src-main/engine/history/capture-folder.ts';
import { HistoryIndex } from '../../src-main/engine/history/folder-index.ts';
import * as manifests from '../../src-main/engine/history/manifest.ts';
import { scratchFolder } from './fakes.ts';

vi.mock('../../src-main/engine/history/manifest.ts', { spy: true });

let folder: string;
let index: HistoryIndex;

beforeEach(() => {
  folder = join(scratchFolder(), 'captures');
  mkdirSync(folder);
  index = new HistoryIndex(new CaptureFolder(folder));
  vi.mocked(manifests.readManifest).mockClear();
});

const pathOf = (stem: string) => join(folder, `${stem}.pcapng`);
const reads = () => vi.mocked(manifests.readManifest).mock.calls.length;

function manifest(startedAt: number, change: Partial<manifests.RunManifest> = {}): manifests.RunManifest {
  return {
    wirescopeRun: 1,
    session: { id: 's', path: 's.yaml', workspace: null },
    name: 'Run',
    startedAt,
    endedAt: startedAt + 1,
    peer: '127.0.0.1:7',
    counts: { records: 2, messages: 1, notes: 0, errors: 0 },
    result: 'closed',
    text: 'Stopped',
    label: null,
    kept: false,
    recorder: { pid: 1, engine: 'other' },
    ...change,
  };
}

async function addRun(stem: string, startedAt: number, change: Partial<manifests.RunManifest> = {}): Promise<void> {
  writeFileSync(pathOf(stem), 'capture');
  writeFileSync(`${pathOf(stem)}.index`, 'cache');
  await manifests.writeManifest(pathOf(stem), manifest(startedAt, change));
}

/** As after a rest: only then the folder's time tells that nothing has changed. */
function age(): void {
  utimesSync(folder, 1_000_000, 1_000_000);
}

const stems = async () => (await index.runs()).map(({ stem }) => stem);

test('each manifest is read once, however often the runs are listed', async () => {
  for (let number = 0; number < 40; number += 1) await addRun(`run-${number}`, number);
  expect(await stems()).toEqual(Array.from({ length: 40 }, (_, number) => `run-${39 - number}`));
  expect(reads()).toBe(40);
  await stems();
  age();
  await stems();
  await stems();
  expect(reads()).toBe(40);
});

test('a folder that has not changed is not read again', async () => {
  await addRun('run', 1);
  age();
  const names = vi.spyOn(CaptureFolder.prototype, 'names');
  for (let time = 0; time < 5; time += 1) expect(await stems()).toEqual(['run']);
  expect(names).toHaveBeenCalledTimes(1);
  names.mockRestore();
});

test('runs that others add, relabel and remove are found', async () => {
  await addRun('one', 1);
  await addRun('two', 2);
  expect(await stems()).toEqual(['two', 'one']);
  await addRun('three', 3);
  expect(await stems()).toEqual(['three', 'two', 'one']);
  await manifests.writeManifest(pathOf('one'), manifest(1, { label: 'named elsewhere' }));
  expect((await index.find('one'))?.manifest.label).toBe('named elsewhere');
  rmSync(pathOf('two'));
  expect(await stems()).toEqual(['three', 'one']);
  expect(await index.find('two')).toBeUndefined();
  for (const stem of ['one', 'three']) rmSync(pathOf(stem));
  expect(await stems()).toEqual([]);
});

test('a run whose manifest is gone or broken is still there', async () => {
  await addRun('run', 1, { name: 'Named' });
  expect((await index.find('run'))?.manifest.name).toBe('Named');
  rmSync(manifests.manifestPath(pathOf('run')));
  expect((await index.find('run'))?.manifest.name).toBe('run');
  writeFileSync(manifests.manifestPath(pathOf('run')), '{');
  expect((await index.find('run'))?.manifest).toMatchObject({ name: 'run', result: 'closed' });
  expect(await stems()).toEqual(['run']);
});

test('a capture that grows is measured each time, though its folder does not change', async () => {
  await addRun('run', 1, { result: 'running', endedAt: null });
  expect((await index.find('run'))?.sizeBytes).toBe(7);
  age();
  await stems();
  writeFileSync(pathOf('run'), 'a longer capture');
  age();
  expect((await index.find('run'))?.sizeBytes).toBe(16);
  expect(reads()).toBe(1);
});

test('a name that was reserved is no run before something is in it', async () => {
  writeFileSync(pathOf('reserved'), '');
  age();
  expect(await stems()).toEqual([]);
  expect((await index.captures()).map(({ stem }) => stem)).toEqual(['reserved']);
  writeFileSync(pathOf('reserved'), 'x');
  age();
  expect(await stems()).toEqual(['reserved']);
});

test('what lies beside a capture belongs to it alone', async () => {
  await addRun('a', 1);
  await addRun('a.b', 2);
  const run = (await index.find('a'))!;
  expect(run.paths.map((path) => path.slice(folder.length + 1)).sort()).toEqual([
    'a.pcapng',
    'a.pcapng.index',
    'a.run.json',
  ]);
  await index.remove(run);
  expect(await stems()).toEqual(['a.b']);
});

test('of a manifest no more is held than a person reads', async () => {
  await addRun('run', 1, { text: 'x'.repeat(50_000) });
  expect((await index.find('run'))?.manifest.text).toHaveLength(2000);
});
