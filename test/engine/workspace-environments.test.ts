// The environments of an open workspace.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { engine, parts, read, root, sessionAt, start, state, TEXT, write } from './workspace-stage.ts';

describe('environments', () => {
  const get = (name: string) => engine.call('environments.get', { name });

  test('are read, changed with their comments kept, selected and removed', async () => {
    write('environments/local.yaml', '# Mine.\nhost: 127.0.0.1\nport: 9001 # of the chat\ntoken: { secret: true }\n');
    await start(root);
    const { variables } = await get('local');
    expect(variables).toEqual([
      { name: 'host', value: '127.0.0.1', secret: false },
      { name: 'port', value: '9001', secret: false },
      { name: 'token', value: null, secret: true },
    ]);
    const changed = variables.map((one) => (one.name === 'host' ? { ...one, value: '::1' } : one));
    await engine.call('environments.save', { name: 'local', variables: changed });
    expect(read('environments/local.yaml')).toBe(
      '# Mine.\nhost: ::1\nport: 9001 # of the chat\ntoken: { secret: true }\n',
    );
    await engine.call('environments.save', { name: 'stage', variables: [{ name: 'host', value: 'x', secret: false }] });
    expect((await state()).environments).toEqual(['local', 'stage']);
    await engine.call('environments.select', { name: 'stage' });
    expect((await state()).environment).toBe('stage');
    await expect(engine.call('environments.select', { name: 'none' })).rejects.toThrow('none');
    await engine.call('environments.remove', { name: 'stage' });
    expect(await state()).toMatchObject({ environments: ['local'], environment: null, undo: 'stage' });
    await engine.call('workspace.undo', {});
    expect((await get('stage')).variables).toEqual([{ name: 'host', value: 'x', secret: false }]);
  });

  test('are saved beside what others wrote into the file since they were read', async () => {
    write('environments/local.yaml', '# Mine.\nhost: a # h\nport: 1\ngone: x\n');
    await start(root);
    const { variables: base } = await get('local');
    write('environments/local.yaml', '# Mine.\nhost: a # h\nport: 2 # theirs\nnew: n\n');
    const variables = base.map((one) => (one.name === 'host' ? { ...one, value: 'b' } : one));
    await engine.call('environments.save', { name: 'local', variables, base });
    expect(read('environments/local.yaml')).toBe('# Mine.\nhost: b # h\nport: 2 # theirs\nnew: n\n');

    await engine.call('environments.save', { name: 'local', variables: base });
    expect(read('environments/local.yaml')).toBe('# Mine.\nhost: a # h\nport: "1" # theirs\ngone: x\n');
    rmSync(join(root, 'environments/local.yaml'));
    await engine.call('environments.save', { name: 'local', variables, base });
    expect((await get('local')).variables).toEqual(variables);
  });

  test('are told of when others write one, whichever is selected', async () => {
    write('environments/local.yaml', 'host: a\n');
    await start(root);
    const { environmentsRevision: before } = await state();
    await engine.call('workspace.createFolder', { path: 'other' });
    expect((await state()).environmentsRevision).toBe(before);
    write('environments/local.yaml', 'host: b\n');
    await eventually(async () => expect((await state()).environmentsRevision).toBeGreaterThan(before!));
  });

  test('are renamed as they are, stay selected, and go over none', async () => {
    const text = '# Mine.\nhost:   127.0.0.1 # of this machine\ntoken: { secret: true }\n';
    write('environments/local.yaml', text);
    write('environments/stage.yaml', 'host: stage\n');
    await start(root);
    await engine.call('environments.select', { name: 'local' });
    await engine.call('environments.rename', { name: 'local', to: 'mine' });
    expect(read('environments/mine.yaml')).toBe(text);
    expect(await state()).toMatchObject({ environments: ['mine', 'stage'], environment: 'mine' });
    await expect(engine.call('environments.rename', { name: 'mine', to: 'stage' })).rejects.toThrow('already');
    for (const to of ['../x', 'a/b', '.x', 'con', ''])
      await expect(engine.call('environments.rename', { name: 'mine', to })).rejects.toThrow();
    await expect(engine.call('environments.rename', { name: 'none', to: 'other' })).rejects.toThrow();
    expect(await state()).toMatchObject({ environments: ['mine', 'stage'], environment: 'mine' });
    expect(read('environments/stage.yaml')).toBe('host: stage\n');

    await engine.dispose();
    await start();
    expect(await state()).toMatchObject({ environment: 'mine' });
  });

  test('never hold the value of a secret', async () => {
    await start(root);
    await engine.call('environments.save', {
      name: 'x',
      variables: [{ name: 'token', value: 'canary', secret: true }],
    });
    expect(read('environments/x.yaml')).not.toContain('canary');
  });

  test('that cannot be understood are not overwritten', async () => {
    write('environments/x.yaml', '<<<<<<< HEAD\n');
    await start(root);
    await expect(engine.call('environments.save', { name: 'x', variables: [] })).rejects.toThrow('cannot be used');
    for (const name of ['../x', 'a/b', '.x', 'con'])
      await expect(engine.call('environments.save', { name, variables: [] })).rejects.toThrow();
    expect(read('environments/x.yaml')).toBe('<<<<<<< HEAD\n');
  });

  test('give variables their values in the next start', async () => {
    write('a.yaml', TEXT.replace('h:1', '{{host}}:1'));
    write('environments/local.yaml', 'host: one\n');
    await start(root);
    const { id } = await sessionAt('a.yaml');
    await engine.call('environments.select', { name: 'local' });
    await engine.call('sessions.start', { session: id });
    write('environments/local.yaml', 'host: two\n');
    await eventually(async () => {
      await engine.call('sessions.start', { session: id });
      expect(parts.endpoints.at(-1)!.config.target).toBe('tcp://two:1');
    });
    expect(parts.endpoints[0]!.config.target).toBe('tcp://one:1');
  });
});
