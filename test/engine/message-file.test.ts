import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type MessageEntry, readMessageFile } from '../../src-main/engine/scripts/message-file.ts';
import { scratchFolder } from './fakes.ts';

function file(content: string | Uint8Array): string {
  const path = join(scratchFolder(), 'list.ndjson');
  writeFileSync(path, content);
  return path;
}

async function read(path: string, pauseMs = 0): Promise<MessageEntry[]> {
  const entries: MessageEntry[] = [];
  for await (const entry of readMessageFile(path, pauseMs)) entries.push(entry);
  return entries;
}

describe('a file of messages', () => {
  test('has the pause between two, but where it says itself how long to wait', async () => {
    const path = file('\ufeffwait 5\n{"n":1}\r\n\n{"n":2}\nwait 2s\nwait 1s\n{"n":3}\nwait 9ms');
    expect(await read(path, 500)).toEqual([
      { waitMs: 5 },
      { text: '{"n":1}', line: 2 },
      { waitMs: 500 },
      { text: '{"n":2}', line: 4 },
      { waitMs: 2000 },
      { waitMs: 1000 },
      { text: '{"n":3}', line: 7 },
      { waitMs: 9 },
    ]);
    expect(await read(path)).toHaveLength(7);
    expect(await read(file('{}\n{}'), 0)).toEqual([
      { text: '{}', line: 1 },
      { text: '{}', line: 2 },
    ]);
  });

  test('is read as it is sent, whatever the length of its lines', async () => {
    const long = JSON.stringify({ text: 'José 🎉 '.repeat(40_000) });
    const path = file(`${long}\n"short"\n${long}\n`.repeat(3));
    const texts = (await read(path)).map((entry) => ('text' in entry ? entry.text : ''));
    expect(texts).toEqual([long, '"short"', long, long, '"short"', long, long, '"short"', long]);
  });

  test('names the line that is wrong, after what comes before it', async () => {
    const entries = readMessageFile(file('{"n":1}\n\n{"n":}\n{"n":3}'), 0);
    expect((await entries.next()).value).toEqual({ text: '{"n":1}', line: 1 });
    await expect(entries.next()).rejects.toMatchObject({
      problem: { what: expect.stringMatching(/^Line 3: This is not JSON/), code: 'CONTENT' },
    });
  });

  test.each([
    [Uint8Array.of(0x7b, 0x7d, 0x0a, 0x22, 0xff, 0x22), 'is not UTF-8'],
    [Uint8Array.of(0x22, 0xc3), 'is not UTF-8'],
  ])('is UTF-8', async (bytes, words) => {
    await expect(read(file(bytes))).rejects.toThrow(words);
  });

  test('has no line that would fill the memory', async () => {
    const path = file('{"n":1}\n');
    truncateSync(path, 2 ** 32);
    const entries = readMessageFile(path, 0);
    expect((await entries.next()).value).toEqual({ text: '{"n":1}', line: 1 });
    await expect(entries.next()).rejects.toThrow('longer than 64 MiB');
  });

  test('is a file that is there', async () => {
    const folder = scratchFolder();
    await expect(read(folder)).rejects.toThrow('is not a file');
    await expect(read(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
