import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { answerCipher, RemoteCipher, type SecretCipher } from '../../src-main/workspace/secret-cipher.ts';
import { environmentSecret, SecretStores } from '../../src-main/workspace/secret-store.ts';
import { scratchFolder } from '../engine/fakes.ts';

const CANARY = 'canary-5b1f';

/** Turns bytes round. */
class Reversing implements SecretCipher {
  fails = false;
  why: string | undefined;

  missing = async () => this.why;

  async encrypt(text: string): Promise<Uint8Array> {
    if (this.fails) throw new Error(`cannot encrypt ${text}`);
    return new TextEncoder().encode(text).reverse();
  }

  async decrypt(bytes: Uint8Array): Promise<string> {
    const text = new TextDecoder().decode(bytes.slice().reverse());
    if (this.fails) throw new Error(`cannot decrypt ${text}`);
    return text;
  }
}

let folder: string;

beforeEach(() => {
  folder = scratchFolder();
});

/** All files below the folder, and what is in them. */
function written(): { path: string; text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

const problemOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: { problem: { what: string; why: string; next: string } }) => error.problem,
  );

describe('with a key store', () => {
  test('values are encrypted, come back, and are gone when they are removed', async () => {
    const stores = new SecretStores({ folder, cipher: new Reversing() });
    expect((await stores.state()).store).toBe('keychain');
    const store = await stores.open('/somewhere');
    await Promise.all([store.set('token', CANARY), store.set('other', 'x'), store.set('__proto__', 'y')]);
    expect(await store.get('token')).toBe(CANARY);
    expect(await store.get('__proto__')).toBe('y');
    expect([await store.has('other'), await store.has('constructor')]).toEqual([true, false]);
    expect(written().filter(({ path, text }) => path.includes(CANARY) || text.includes(CANARY))).toEqual([]);
    await store.remove('token');
    await store.remove('never');
    expect(await store.get('token')).toBeUndefined();
    expect(
      await new SecretStores({ folder, cipher: new Reversing() }).open('/somewhere').then((s) => s.get('other')),
    ).toBe('x');
  });

  test('a workspace does not see the secrets of another, by whatever path it is reached', async () => {
    const [one, other, link] = ['one', 'other', 'link'].map((name) => join(folder, name)) as [string, string, string];
    mkdirSync(one);
    mkdirSync(other);
    symlinkSync(one, link);
    const stores = new SecretStores({ folder, cipher: new Reversing() });
    await (await stores.open(one)).set('token', CANARY);
    const seen = await Promise.all(
      [one, other, null, link, `${one}/`].map(async (path) => (await stores.open(path)).get('token')),
    );
    expect(seen).toEqual([CANARY, undefined, undefined, CANARY, CANARY]);
  });

  test('that refuses, neither is anything written nor a value told', async () => {
    const cipher = new Reversing();
    const store = await new SecretStores({ folder, cipher }).open(null);
    await store.set('token', CANARY);
    cipher.fails = true;
    const reading = await problemOf(store.get('token'));
    const writing = await problemOf(store.set('token', `${CANARY}-2`));
    expect(reading?.what).toBe('The secret token cannot be read.');
    expect(writing?.what).toBe('The secret token was not stored.');
    expect(JSON.stringify([reading, writing])).not.toContain(CANARY);
    cipher.fails = false;
    expect(await store.get('token')).toBe(CANARY);
  });

  test('what was kept in a file before is still read, and leaves it with the next value', async () => {
    const cipher = new Reversing();
    cipher.why = 'No key store.';
    const stores = new SecretStores({ folder, cipher });
    await stores.allowFile();
    await (await stores.open(null)).set('token', CANARY);
    cipher.why = undefined;
    const store = await stores.open(null);
    expect(await store.get('token')).toBe(CANARY);
    await store.set('token', `${CANARY}-2`);
    expect(await store.get('token')).toBe(`${CANARY}-2`);
    expect(written().filter(({ text }) => text.includes(CANARY))).toEqual([]);
  });
});

describe('without a key store', () => {
  test('values are in memory until the user has agreed to a file', async () => {
    const stores = new SecretStores({ folder });
    expect(await stores.state()).toEqual({
      store: 'none',
      why: 'This program cannot ask the key store of the system.',
    });
    const store = await stores.open('/somewhere');
    await store.set('token', CANARY);
    await store.set('other', 'x');
    await store.remove('other');
    expect(await (await stores.open('/somewhere')).get('token')).toBe(CANARY);
    expect(await (await stores.open(null)).has('token')).toBe(false);
    expect(written()).toEqual([]);
    await stores.allowFile();
    expect(await (await new SecretStores({ folder }).open('/somewhere')).get('token')).toBe(CANARY);
    expect(await (await stores.open('/somewhere')).has('other')).toBe(false);
  });

  test('the file is of its owner alone, and is refused when others can read it', async () => {
    const stores = new SecretStores({ folder });
    await stores.allowFile();
    expect((await stores.state()).store).toBe('file');
    const store = await stores.open('/somewhere');
    await store.set('token', CANARY);
    const path = written()[0]!.path;
    expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const each of ['secrets', 'secrets/plain']) expect(statSync(join(folder, each)).mode & 0o777).toBe(0o700);
    for (const mode of [0o640, 0o604, 0o660, 0o620]) {
      chmodSync(path, mode);
      for (const refused of [() => store.get('token'), () => store.remove('token'), () => store.has('token')])
        expect((await problemOf(refused()))?.what).toContain('can be read or changed by others');
    }
    expect((await problemOf(store.set('token', 'x')))?.what).toContain('others');
    chmodSync(path, 0o600);
    expect(await store.get('token')).toBe(CANARY);
  });

  test.each([
    ['no JSON', `{"token": "${CANARY}"`, 'is no JSON object'],
    ['a list', `["${CANARY}"]`, 'is no JSON object'],
    ['a number', `{"a": 1, "token": "${CANARY}"}`, 'holds values that are no text'],
  ])('a file with %s is refused without its text', async (_name, text, reason) => {
    const file = join(folder, 'secrets.json');
    writeFileSync(file, text, { mode: 0o600 });
    const store = await new SecretStores({ folder, file }).open(null);
    const found = await problemOf(store.get('token'));
    expect(found?.what).toContain(reason);
    expect(JSON.stringify(found)).not.toContain(CANARY);
  });

  test('a folder in place of the file is refused', async () => {
    const store = await new SecretStores({ folder, file: folder }).open(null);
    expect((await problemOf(store.get('token')))?.what).toContain('is no file');
  });

  test('a file that was named is for all workspaces, and may be missing', async () => {
    const stores = new SecretStores({ folder, file: join(folder, 'mine.json') });
    expect((await stores.state()).store).toBe('file');
    expect(await (await stores.open(null)).get('token')).toBeUndefined();
    await (await stores.open('/a')).set('token', CANARY);
    expect(await (await stores.open('/b')).get('token')).toBe(CANARY);
    expect(JSON.parse(readFileSync(join(folder, 'mine.json'), 'utf8'))).toEqual({ token: CANARY });
  });
});

test('the environment is looked at first', async () => {
  const environment = { WIRESCOPE_SECRET_token: 'exact', WIRESCOPE_SECRET_API_TOKEN: 'shouted' };
  expect(environmentSecret(environment, 'token')).toBe('exact');
  expect(environmentSecret(environment, 'api-token')).toBe('shouted');
  expect(environmentSecret(environment, 'other')).toBeUndefined();
  const store = await new SecretStores({ folder, environment }).open(null);
  expect([await store.get('token'), await store.has('api-token'), await store.has('x')]).toEqual([
    'exact',
    true,
    false,
  ]);
});

describe('a cipher at the other end of a line', () => {
  /** A line to a cipher, and what went over it. */
  function line(cipher: SecretCipher): { remote: RemoteCipher; heard: unknown[] } {
    const heard: unknown[] = [];
    const remote = new RemoteCipher((question) => {
      heard.push(question);
      void answerCipher(question, cipher, (answer) => {
        heard.push(answer);
        remote.hear(structuredClone(answer));
      });
    });
    return { remote, heard };
  }

  test('answers each question', async () => {
    const cipher = new Reversing();
    const { remote } = line(cipher);
    const [one, other] = await Promise.all([remote.encrypt('abc'), remote.encrypt('xyz')]);
    expect(await Promise.all([remote.decrypt(other), remote.decrypt(one)])).toEqual(['xyz', 'abc']);
    expect(await remote.missing()).toBeUndefined();
    cipher.why = 'Locked.';
    expect(await remote.missing()).toBe('Locked.');
  });

  test('says that it failed, not at what', async () => {
    const cipher = new Reversing();
    cipher.fails = true;
    const { remote, heard } = line(cipher);
    await expect(remote.encrypt(CANARY)).rejects.toThrow('refused');
    expect(JSON.stringify(heard[1])).not.toContain(CANARY);
  });

  test.each([
    [{ type: 'cipher', id: 1, ask: 'export' }],
    [{ type: 'cipher', id: 1, ask: 'encrypt' }],
    [{ type: 'cipher', id: -1, ask: 'missing' }],
    [{ type: 'cipher', id: 1, ask: 'encrypt', text: 'x', more: 1 }],
    [{ type: 'cipher', id: 1, ask: 'encrypt', text: 'x'.repeat(65_537) }],
    [{ type: 'cipher', id: 1, ask: 'decrypt', bytes: 'text' }],
    [{ type: 'port' }],
    [null],
  ])('hears only questions: %j is none', async (message) => {
    const answers: unknown[] = [];
    await answerCipher(message, new Reversing(), (answer) => answers.push(answer));
    expect(answers).toEqual([]);
  });

  test('is not led astray by other answers', async () => {
    const remote = new RemoteCipher(() => {});
    const asked = remote.encrypt('abc');
    for (const answer of [{ type: 'cipher', id: 7, text: 'x' }, { type: 'cipher', id: 1, bytes: 'x' }, null])
      remote.hear(answer);
    remote.hear({ type: 'cipher', id: 1, text: 'x' });
    await expect(asked).rejects.toThrow('another question');
  });
});
