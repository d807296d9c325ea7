// What sessions inherit from wirescope.yaml, of the workspace and of the folders above it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { CHAT, engine, parts, read, root, sessionAt, start, state, TEXT, tree, write } from './workspace-stage.ts';

describe('settings', () => {
  test('are inherited when a session starts, and the config stays what the file says', async () => {
    write('wirescope.yaml', 'wirescope: 1\ndefaults:\n  tls: { ca: certs/ca.pem }\n  connectTimeoutMs: 5\n');
    write('f/wirescope.yaml', 'wirescope: 1\ndefaults: { connectTimeoutMs: 7 }\n');
    write('f/a.yaml');
    await start(root);
    const { id, config } = await sessionAt('f/a.yaml');
    expect(config).toEqual(CHAT);
    await engine.call('sessions.start', { session: id });
    const { endpoints } = parts;
    expect(endpoints[0]!.config).toMatchObject({ tls: { ca: join('..', 'certs', 'ca.pem') }, connectTimeoutMs: 7 });
    expect(endpoints[0]!.host.path('x.pem')).toBe(join(root, 'f', 'x.pem'));
    expect(read('f/a.yaml')).toBe(TEXT);
    expect((await sessionAt('f/a.yaml')).inherited).toEqual([
      { path: 'tls.ca', value: join('..', 'certs', 'ca.pem'), from: 'wirescope.yaml' },
      { path: 'connectTimeoutMs', value: '7', from: 'f/wirescope.yaml' },
    ]);

    write('f/wirescope.yaml', 'wirescope: 1\ndefaults: { connectTimeoutMs: 9 }\n');
    await eventually(async () => {
      await engine.call('sessions.start', { session: id });
      expect(endpoints.at(-1)!.config.connectTimeoutMs).toBe(9);
    });
  });

  test('that cannot be read are shown, and nothing starts without them', async () => {
    write('f/wirescope.yaml', 'wirescope: 2\n');
    write('f/a.yaml');
    write('b.yaml');
    await start(root);
    expect(await tree()).toEqual(['f/', 'f/a.yaml', '!f/wirescope.yaml', 'b.yaml']);
    await expect(engine.call('sessions.start', { session: (await sessionAt('f/a.yaml')).id })).rejects.toThrow(
      'f/wire',
    );
    await engine.call('sessions.start', { session: (await sessionAt('b.yaml')).id });
  });
});

describe('a folder in a workspace, opened alone', () => {
  const inner = () => join(root, 'services', 'chat');
  const started = async (path = 'a.yaml') => {
    const { id } = await sessionAt(path);
    await engine.call('sessions.start', { session: id });
    return parts.endpoints.at(-1)!;
  };
  const variableNamed = async (name: string) => {
    const { id } = await sessionAt('a.yaml');
    const variables = await engine.call('variables.list', { session: id });
    const { value, layer, origin } = variables.find((variable) => variable.name === name)!;
    return { value, layer, origin };
  };

  beforeEach(() => {
    write(
      'wirescope.yaml',
      'wirescope: 1\nvariables: { host: top, team: shop }\ndefaults: { tls: { ca: certs/ca.pem } }\n',
    );
    write('services/wirescope.yaml', 'wirescope: 1\nvariables: { host: services }\n');
    write('services/chat/a.yaml', TEXT.replace('h:1', '{{host}}:1'));
    write('environments/local.yaml', 'host: local\n');
  });

  test('inherits from above as wirescope run has it, and follows that', async () => {
    await start(inner());
    expect(await state()).toMatchObject({ folder: inner(), name: 'chat', environments: ['local'] });
    expect(await tree()).toEqual(['a.yaml']);
    expect(await variableNamed('team')).toEqual({ value: 'shop', layer: 'workspace', origin: 'wirescope.yaml' });
    expect(await variableNamed('host')).toEqual({
      value: 'services',
      layer: 'folder',
      origin: join('services', 'wirescope.yaml'),
    });
    expect((await started()).config).toMatchObject({
      target: 'tcp://services:1',
      tls: { ca: join('..', '..', 'certs', 'ca.pem') },
    });

    write('services/wirescope.yaml', 'wirescope: 1\nvariables: { host: changed }\n');
    await eventually(async () => expect((await variableNamed('host')).value).toBe('changed'));
    await engine.call('environments.select', { name: 'local' });
    expect((await started()).config.target).toBe('tcp://local:1');
    write('environments/stage.yaml', 'host: stage\n');
    await eventually(async () => expect((await state()).environments).toEqual(['local', 'stage']));
  });

  test('has environments of its own beside those above, which come first', async () => {
    write('services/chat/environments/local.yaml', 'host: own\n');
    write('services/chat/environments/own.yaml', 'host: own\n');
    await start(inner());
    expect((await state()).environments).toEqual(['local', 'own']);
    await engine.call('environments.select', { name: 'local' });
    expect((await variableNamed('host')).value).toBe('local');
    await engine.call('environments.select', { name: 'own' });
    expect((await variableNamed('host')).value).toBe('own');
    const variables = [{ name: 'host', value: 'x', secret: false }];
    await engine.call('environments.save', { name: 'own', variables });
    await engine.call('environments.save', { name: 'new', variables });
    expect(read('services/chat/environments/own.yaml')).toBe('host: x\n');
    expect(read('environments/new.yaml')).toBe('host: x\n');
  });

  test('starts nothing while settings above cannot be read', async () => {
    write('wirescope.yaml', 'wirescope: 2\n');
    await start(inner());
    expect(await tree()).toEqual(['a.yaml']);
    await expect(started()).rejects.toThrow('../../wirescope.yaml');
  });

  test('is its own where a repository begins', async () => {
    mkdirSync(join(root, 'services', '.git'));
    await start(inner());
    expect((await state()).environments).toEqual([]);
    expect((await started()).config.target).toBe('tcp://services:1');
  });
});
