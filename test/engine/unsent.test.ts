// What is being written is kept as it was last, over the end of the process, however that comes.
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Unsent } from '../../src-main/engine/unsent.ts';
import { scratchFolder } from './fakes.ts';

function open() {
  const folder = join(scratchFolder(), 'unsent');
  const logged: string[] = [];
  const unsent = () => new Unsent(folder, (line) => logged.push(line)).methods;
  const kept = async (methods = unsent()) => {
    const { texts } = await methods['unsent.list']({});
    return new Map(texts.map(({ key, text }) => [key, text]));
  };
  return { folder, logged, unsent, kept };
}

test('texts outlive the process under any key, the last of each', async () => {
  const { unsent, kept, folder } = open();
  expect(await kept()).toEqual(new Map());
  const methods = unsent();
  const keys = ['message s1', 'message s1 chat.ChatService/SendMessage', 'script ../../x', 'message ü\n'];
  await Promise.all(keys.flatMap((key) => ['first', `of ${key}`].map((text) => methods['unsent.keep']({ key, text }))));
  expect(await kept()).toEqual(new Map(keys.map((key) => [key, `of ${key}`])));
  await methods['unsent.keep']({ key: keys[0]!, text: null });
  await methods['unsent.keep']({ key: 'never kept', text: null });
  expect([...(await kept()).keys()].sort()).toEqual(keys.slice(1).sort());
  expect(readdirSync(folder)).toHaveLength(3);
});

test('what a crash left is cleared away, and a file that cannot be read says nothing of its text', async () => {
  const { folder, logged, unsent, kept } = open();
  await unsent()['unsent.keep']({ key: 'a', text: 'x' });
  const [file] = readdirSync(folder);
  writeFileSync(join(folder, `${file}.0123456789ab.tmp`), '{"key": "a", "te');
  writeFileSync(join(folder, 'broken.json'), 'hunter2 {');
  expect(await kept()).toEqual(new Map([['a', 'x']]));
  expect(readdirSync(folder).sort()).toEqual(['broken.json', file].sort());
  expect(logged).toEqual(['an unsent text cannot be read']);
});

test('only so many are kept, those that were changed last', async () => {
  const { folder, kept } = open();
  mkdirSync(folder, { recursive: true });
  for (let at = 0; at < 510; at++) {
    const path = join(folder, `${at}.json`);
    writeFileSync(path, JSON.stringify({ key: `k${at}`, text: '' }));
    utimesSync(path, at, at);
  }
  const keys = [...(await kept()).keys()];
  expect(keys).toHaveLength(500);
  expect(keys).toContain('k509');
  expect(keys).not.toContain('k9');
  expect(readdirSync(folder)).toHaveLength(500);
  expect(JSON.parse(readFileSync(join(folder, '509.json'), 'utf8'))).toEqual({ key: 'k509', text: '' });
});
