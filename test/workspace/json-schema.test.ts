// The published JSON Schemas: not stale, and of one mind with the program about every file there is.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { jsonSchemas } from '../../scripts/json-schema.mjs';
import { parseSessionFile } from '../../src-main/workspace/session-file.ts';
import { parseSettings } from '../../src-main/workspace/settings-file.ts';
import { parseVariables } from '../../src-main/workspace/variable-file.ts';

const root = join(import.meta.dirname, '..', '..');
const published = (name: string) => readFileSync(join(root, 'schema', name), 'utf8');

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const judges = {
  session: ajv.compile(JSON.parse(published('session.schema.json'))),
  settings: ajv.compile(JSON.parse(published('settings.schema.json'))),
  environment: ajv.compile(JSON.parse(published('environment.schema.json'))),
};
type Kind = keyof typeof judges;

const parsers: { [kind in Kind]: (text: string) => unknown } = {
  session: (text) => parseSessionFile(text, 'x.yaml'),
  settings: (text) => parseSettings(text, 'wirescope.yaml'),
  environment: (text) => parseVariables(text, 'x'),
};

function kindOf(path: string): Kind {
  if (basename(path) === 'wirescope.yaml') return 'settings';
  return basename(dirname(path)) === 'environments' ? 'environment' : 'session';
}

test.each([...jsonSchemas()])('%s is what the program checks by (else npm run schemas)', (name, text) => {
  expect(published(name)).toBe(text);
});

const fixtures = ['fixtures/sessions', 'fixtures/samples'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .map((path) => join(folder, path)),
);

test('there are fixtures of every kind', () => {
  expect(new Set(fixtures.map(kindOf))).toEqual(new Set(Object.keys(judges)));
  expect(fixtures.length).toBeGreaterThan(25);
});

test.each(fixtures)('%s is right for an independent validator, and for the program', (path) => {
  const text = readFileSync(join(root, path), 'utf8');
  const judge = judges[kindOf(path)];
  judge(parse(text));
  expect(judge.errors ?? []).toEqual([]);
  expect(parsers[kindOf(path)](text)).toBeDefined();
});

const HEAD = 'wirescope: 1\nname: x\nrole: client\nprotocol: tcp\n';

describe('what is wrong is wrong for both', () => {
  test.each<[Kind, string]>([
    ['session', `${HEAD}colour: red\n`],
    ['session', HEAD.replace('name: x\n', '')],
    ['session', HEAD.replace('tcp', 'smoke')],
    ['session', HEAD.replace(': 1', ': 2')],
    ['session', `${HEAD}connectTimeoutMs: 0\n`],
    ['session', `${HEAD}tcp: { framing: words }\n`],
    ['session', `${HEAD}messages: [{ name: a, text: b, hex: "00" }]\n`],
    ['session', `${HEAD}script: [{ wait: soon }]\n`],
    ['session', `${HEAD}script: [{ expect: { within: 1h } }]\n`],
    ['session', `${HEAD}script: [endstreaming]\n`],
    ['session', `${HEAD}script: [{ expect: { capture: { "a b": $ } } }]\n`],
    ['session', `${HEAD}variables: { a: { secret: false } }\n`],
    ['settings', 'wirescope: 1\nscript: []\n'],
    ['settings', 'wirescope: 1\ndefaults: { target: x }\n'],
    ['settings', 'name: x\n'],
    ['environment', 'a: [1]\n'],
    ['environment', 'a: { secret: yes please }\n'],
  ])('%s: %s', (kind, text) => {
    expect(judges[kind](parse(text))).toBe(false);
    expect(() => parsers[kind](text)).toThrow();
  });
});

test('editors have something to say about each setting', () => {
  const { properties, definitions } = JSON.parse(published('session.schema.json'));
  const groups = ['tls', 'reconnect', 'websocket', 'tcp', 'udp', 'grpc', 'match', 'answer', 'grpcAnswer', 'mockMethod'];
  const undescribed = [properties, ...groups.map((name) => definitions[name].properties)].flatMap((settings) =>
    Object.keys(settings).filter((key) => !settings[key].description),
  );
  expect(undescribed).toEqual(['protocol']);
});
