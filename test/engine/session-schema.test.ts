import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { EndpointError } from '../../src-main/endpoints/endpoint.ts';
import type { Reflected, SchemaRequest } from '../../src-main/engine/parts.ts';
import { SessionSchema } from '../../src-main/engine/session/schema.ts';
import type { LoadedSchema } from '../../src-main/schemas/loaded-schema.ts';
import { eventually } from '../eventually.ts';
import { fakeSchema } from './fake-schema.ts';
import { deferred, scratchFolder } from './fakes.ts';

const CLIENT: SessionConfig = {
  ...{ wirescope: 1, name: 'Client', role: 'client', protocol: 'grpc', target: 'grpc://127.0.0.1:1' },
};
const REFLECTED: Reflected = { label: 'reflection of 127.0.0.1:1', version: 'v1', files: [] };

const opened: SessionSchema[] = [];
afterEach(() => {
  for (const schema of opened.splice(0)) schema.dispose();
});

/** A session's schema over loading that only remembers what it was asked for. */
function stage(
  config: SessionConfig,
  load: (request: SchemaRequest) => LoadedSchema | Promise<LoadedSchema> = () => fakeSchema(),
) {
  const folder = scratchFolder();
  const requests: SchemaRequest[] = [];
  const asked: (string | undefined)[] = [];
  const stage = {
    folder,
    requests,
    asked,
    changes: 0,
    reflect: async (): Promise<Reflected> => REFLECTED,
  };
  const schema = new SessionSchema(config, {
    folder: () => folder,
    parts: {
      async loadSchema(request) {
        requests.push(request);
        return await load(request);
      },
      async reflect(given) {
        asked.push(given.target);
        return await stage.reflect();
      },
    },
    changed: () => {
      stage.changes += 1;
    },
  });
  opened.push(schema);
  return { ...stage, stage, schema };
}

describe('a session schema', () => {
  test('is loaded when somebody asks, once, and says so', async () => {
    const {
      schema,
      requests,
      stage: told,
    } = stage({ ...CLIENT, grpc: { schema: { files: ['a.proto'], importPaths: ['p'] } } });
    expect(requests).toHaveLength(0);
    expect(schema.state()).toEqual({ revision: 0, loading: true, services: [], problems: [], sources: [] });
    await Promise.all([schema.loaded(), schema.loaded()]);
    await eventually(() => expect(told.changes).toBe(1));
    expect(requests).toEqual([{ files: ['a.proto'], importPaths: ['p'], folder: told.folder }]);
    expect(schema.state()).toMatchObject({ revision: 1, loading: false, services: [{ name: 'ChatService' }] });
    expect(await schema.search('RES', 5)).toEqual({ names: ['Response'], total: 1 });
    expect(await schema.types(['Message'])).toMatchObject({ messages: [{ name: 'Message' }], truncated: false });
    expect(await schema.example('Message')).toEqual({ json: '{\n  "text": "example"\n}' });
  });

  test('asks the server of a client without files, and keeps the answer', async () => {
    const { schema, requests, asked } = stage(CLIENT);
    await schema.loaded();
    expect(asked).toEqual(['grpc://127.0.0.1:1']);
    expect(requests[0]!.reflected).toBe(REFLECTED);
    await schema.loaded();
    schema.configure({ ...CLIENT, name: 'Another name', messages: [] });
    await schema.loaded();
    expect(asked).toHaveLength(1);
    await schema.reload();
    expect(asked).toHaveLength(2);
  });

  test.each([
    ['a client with files', { ...CLIENT, grpc: { schema: { files: ['a.proto'] } } }],
    ['a client that must not', { ...CLIENT, grpc: { schema: { reflection: false } } }],
    ['a server', { ...CLIENT, role: 'server' as const }],
    ['a client of another protocol', { ...CLIENT, protocol: 'tcp' as const }],
  ])('asks no server for %s', async (_, config) => {
    const { schema, asked } = stage(config);
    await schema.loaded();
    expect(asked).toEqual([]);
  });

  test('shows the .proto files that were read, as they are now, and no others', async () => {
    const files: string[] = [];
    const { schema, folder } = stage({ ...CLIENT, grpc: { schema: { files: ['a.proto'] } } }, () =>
      fakeSchema({ files }),
    );
    const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
    const refused = { problem: { code: 'NO_FILE' } };
    files.push(
      join(folder, 'a.proto'),
      join(folder, 'set.bin'),
      join(folder, 'gone.proto'),
      join(folder, 'long.proto'),
    );
    for (const name of ['a.proto', 'set.bin', 'secret.proto']) put(name, `// ${name}`);
    put('long.proto', ' '.repeat(4 * 2 ** 20 + 1));
    await expect(schema.source('a.proto')).rejects.toMatchObject(refused);
    await schema.loaded();
    expect(await schema.source('a.proto')).toEqual({ text: '// a.proto' });
    expect(await schema.source(join(folder, 'a.proto'))).toEqual({ text: '// a.proto' });
    put('a.proto', 'message A {}');
    expect(await schema.source('a.proto')).toEqual({ text: 'message A {}' });
    for (const file of [
      'set.bin',
      'secret.proto',
      'gone.proto',
      'long.proto',
      '/etc/passwd',
      '../a.proto',
      'a.proto\0',
    ]) {
      await expect(schema.source(file)).rejects.toMatchObject(refused);
    }
  });

  test('shows why a server did not answer, keeps what files say, and asks again when told to', async () => {
    const {
      schema,
      stage: told,
      asked,
    } = stage({ ...CLIENT, grpc: { schema: { files: ['a.proto'], reflection: true } } });
    told.reflect = async () => {
      throw new EndpointError({ what: 'Nothing is listening.', why: '', next: '' });
    };
    await schema.loaded();
    expect(schema.state()).toMatchObject({
      services: [{ name: 'ChatService' }],
      problems: [{ severity: 'error', text: 'Nothing is listening.', source: 'grpc://127.0.0.1:1' }],
    });
    told.reflect = async () => REFLECTED;
    await eventually(() => expect(schema.state().loading).toBe(false));
    schema.retry();
    await schema.loaded();
    expect(schema.state().problems).toEqual([]);
    await eventually(() => expect(schema.state().loading).toBe(false));
    schema.retry();
    await schema.loaded();
    expect(asked).toHaveLength(2);
  });

  test('of another target counts once it is there, and the one before stays shown until then', async () => {
    const { schema, stage: told } = stage(CLIENT);
    await schema.loaded();
    await eventually(() => expect(told.changes).toBe(1));
    for (const port of [2, 20, 205]) schema.configure({ ...CLIENT, target: `grpc://127.0.0.1:${port}` });
    expect(schema.state()).toMatchObject({ loading: true, services: [{ name: 'ChatService' }] });
    expect(told.asked).toHaveLength(1);
    await eventually(() => expect(told.changes).toBe(2));
    schema.state();
    await eventually(() => expect(told.changes).toBe(3));
    expect(told.asked).toEqual(['grpc://127.0.0.1:1', 'grpc://127.0.0.1:205']);
  });

  test('that is loading when its sources change is not the answer', async () => {
    const slow = deferred();
    const { schema, requests } = stage({ ...CLIENT, grpc: { schema: { files: ['old.proto'] } } }, async ({ files }) => {
      if (files[0] === 'old.proto') await slow.promise;
      return fakeSchema({ files: [`/${files[0]}`] });
    });
    const loaded = schema.loaded();
    await eventually(() => expect(requests).toHaveLength(1));
    schema.configure({ ...CLIENT, grpc: { schema: { files: ['new.proto'] } } });
    slow.resolve();
    expect((await loaded).files).toEqual(['/new.proto']);
    expect(schema.current?.files).toEqual(['/new.proto']);
  });

  test('that cannot be loaded at all says so', async () => {
    const { schema } = stage({ ...CLIENT, grpc: { schema: { files: ['a.proto'] } } }, () => {
      throw new EndpointError({ what: 'The disk is gone.', why: '', next: '' });
    });
    await expect(schema.loaded()).rejects.toThrow('The disk is gone.');
    expect(schema.state().problems).toEqual([{ severity: 'error', text: 'The disk is gone.', source: 'a.proto' }]);
  });

  test('is loaded again when a file of it was saved, by renaming too, or a new one came', async () => {
    const folder = scratchFolder();
    const protos = join(folder, 'protos');
    const file = join(folder, 'a.proto');
    mkdirSync(protos);
    writeFileSync(file, 'one');
    const { schema, stage: told } = stage({ ...CLIENT, grpc: { schema: { files: [file, protos] } } }, () =>
      fakeSchema({ files: [file] }),
    );
    await schema.loaded();
    await eventually(() => expect(told.changes).toBe(1));
    writeFileSync(file, 'two');
    await eventually(() => expect(told.changes).toBe(2));
    writeFileSync(join(folder, 'other.txt'), 'not watched');
    writeFileSync(`${file}~`, 'three');
    renameSync(`${file}~`, file);
    await eventually(() => expect(told.changes).toBe(3));
    writeFileSync(join(protos, 'new.proto'), 'four');
    await eventually(() => expect(told.changes).toBe(4));
    expect(told.requests).toHaveLength(4);
  });
});
