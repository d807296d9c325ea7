// Where `wirescope run` takes the values of secrets from.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { parseRun, parseServe } from '../../src-main/headless/command-line.ts';
import { planRuns } from '../../src-main/headless/run-plan.ts';
import { SecretStores } from '../../src-main/workspace/secret-store.ts';
import { scratchFolder } from '../engine/fakes.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = scratchFolder();
  file = join(folder, 'x.yaml');
  vi.stubEnv('WIRESCOPE_DATA', join(folder, 'data'));
  mkdirSync(join(folder, 'environments'));
  writeFileSync(join(folder, 'environments', 'local.yaml'), 'token: { secret: true }\n');
  writeFileSync(
    file,
    'wirescope: 1\nname: x\nrole: client\nprotocol: tcp\ntarget: tcp://127.0.0.1:1\nscript: [{ send: { text: "{{token}}" } }]\n',
  );
});
afterEach(() => vi.unstubAllEnvs());

/** The token as the script would send it. */
async function token(...args: string[]): Promise<string> {
  const [plan] = await planRuns(parseRun([file, '--env', 'local', ...args]), realParts);
  return plan!.variables.resolve('{{token}}');
}

function secretsFile(mode: number): string {
  const path = join(folder, 'secrets.json');
  writeFileSync(path, '{"token": "of the file"}', { mode });
  return path;
}

test('nobody gives one: it is said before anything is sent', async () => {
  await expect(token()).rejects.toThrow('{{token}} has no value. It is a secret that has no value on this machine.');
});

test('the environment comes before a file, the command line before both', async () => {
  const option = ['--secrets-file', secretsFile(0o600)];
  expect(await token(...option)).toBe('of the file');
  vi.stubEnv('WIRESCOPE_SECRET_TOKEN', 'of the environment');
  expect(await token(...option)).toBe('of the environment');
  expect(await token(...option, '--var', 'token=given')).toBe('given');
  const [plan] = await planRuns(parseRun([file, '--env', 'local', '--var', 'token=given']), realParts);
  expect(plan!.variables.list()).toMatchObject([{ name: 'token', secret: true, layer: 'command line' }]);
});

test('what the user agreed to keep in the data folder counts', async () => {
  const stores = new SecretStores({ folder: join(folder, 'data') });
  await stores.allowFile();
  await (await stores.open(folder)).set('token', 'of the data folder');
  expect(await token()).toBe('of the data folder');
});

test('a file that others can read is refused, and one that is not there', async () => {
  await expect(token('--secrets-file', secretsFile(0o644))).rejects.toThrow('can be read or changed by others');
  await expect(token('--secrets-file', join(folder, 'none.json'))).rejects.toThrow('There is no file');
});

test('wirescope serve takes one, too', () => {
  expect(parseServe(['--secrets-file', 'a.json'])).toMatchObject({ secretsFile: 'a.json' });
});
