// The app is killed while somebody types: what was saved is whole, and saving does not wait for a pause in the typing.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { createEngine } from '../../src-main/engine/engine.ts';
import { parseSessionFile } from '../../src-main/workspace/session-file.ts';
import { fakeParts, scratchFolder } from './fakes.ts';

const sources = pathToFileURL(join(__dirname, '..', '..', 'src-main')).href;
const TEXT = 'wirescope: 1\nname: edit 0 # ours\nrole: client\nprotocol: tcp\ntarget: tcp://h:1\n';

/** Edits without a pause, and tells which edit its file has. */
const APP = (data: string, root: string) => `
import { createEngine } from '${sources}/engine/engine.ts';
import { realParts } from '${sources}/engine/real-parts.ts';
import { readFileSync } from 'node:fs';
const engine = await createEngine({
  dataFolder: ${JSON.stringify(data)}, workspace: ${JSON.stringify(root)},
  host: 'headless', version: '1', parts: realParts, log: console.error,
});
const [{ id, config }] = await engine.call('sessions.list', {});
let edit = 0;
setInterval(async () => {
  edit += 1;
  await engine.call('sessions.update', { session: id, config: { ...config, name: 'edit ' + edit } });
  const saved = /name: edit (\\d+)/.exec(readFileSync(${JSON.stringify(join(root, 'a.yaml'))}, 'utf8'));
  console.log(edit + ' ' + saved[1]);
}, 10);
`;

test.each([1, 2, 3])(
  'killed after it has saved %d times, the app finds the last save whole',
  async (saves) => {
    const folder = scratchFolder();
    const [data, root, script] = ['data', 'work', 'app.mjs'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    mkdirSync(root);
    writeFileSync(join(root, 'a.yaml'), TEXT);
    writeFileSync(script, APP(data, root));
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script]);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const seen = new Set<number>();
    let edits = 0;
    try {
      for await (const line of createInterface(child.stdout)) {
        const [edit, saved] = line.split(' ').map(Number) as [number, number];
        edits = edit;
        if (saved > 0) seen.add(saved);
        if (seen.size === saves) break;
      }
    } finally {
      child.kill('SIGKILL');
      await gone;
    }
    const text = readFileSync(join(root, 'a.yaml'), 'utf8');
    const saved = Number(parseSessionFile(text, 'a.yaml').name.slice('edit '.length));
    expect(saved).toBeGreaterThanOrEqual(Math.max(...seen));
    expect(saved).toBeLessThanOrEqual(edits + 100);
    expect(text).toBe(TEXT.replace('edit 0', `edit ${saved}`));

    const parts = fakeParts();
    const engine = await createEngine({ dataFolder: data, host: 'headless', version: '1', parts, log: () => {} });
    try {
      expect(await engine.call('sessions.list', {})).toMatchObject([{ config: { name: `edit ${saved}` } }]);
      expect((await engine.call('workspace.state', {})).tree).toHaveLength(1);
    } finally {
      await engine.dispose();
    }
    expect(readdirSync(root).filter((name) => name !== 'a.yaml' && !name.endsWith('.tmp'))).toEqual([]);
  },
  20_000,
);
