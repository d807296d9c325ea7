import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AppendFile } from '../../src-main/capture/storage/append-file.ts';
import { temporaryFile } from './files.ts';

function pattern(length: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + seed) & 0xff);
}

function readAll(file: AppendFile): Uint8Array {
  const bytes = new Uint8Array(file.sizeBytes);
  expect(file.read(0, bytes)).toBe(bytes.length);
  return bytes;
}

describe('append file', () => {
  test('bytes can be read before, while and after they are written', async () => {
    const file = new AppendFile(temporaryFile('f'), { bufferBytes: 1000, pageBytes: 64, pages: 3 });
    const written: number[] = [];
    for (let i = 0; i < 50; i++) {
      const piece = pattern(137 * (i % 9), i);
      expect(file.append(piece)).toBe(written.length);
      written.push(...piece);
      if (i % 10 === 3) await file.flush();
      expect(readAll(file)).toEqual(Uint8Array.from(written));
    }
    await file.flush();
    expect(readAll(file)).toEqual(Uint8Array.from(written));
    const middle = new Uint8Array(300);
    expect(file.read(450, middle)).toBe(300);
    expect([...middle]).toEqual(written.slice(450, 750));
    expect(file.read(written.length - 10, middle)).toBe(10);
    expect(file.read(written.length + 10, middle)).toBe(0);
    await file.close();
    expect([...readFileSync(file.path)]).toEqual(written);
    expect(file.read(0, middle)).toBe(0);
  });

  test('what was appended reaches the file without being asked to', async () => {
    const file = new AppendFile(temporaryFile('f'));
    file.append(pattern(100));
    await expect.poll(() => readFileSync(file.path).length, { timeout: 5000 }).toBe(100);
    await file.close();
  });

  test('a disk that keeps up never congests', async () => {
    const file = new AppendFile(temporaryFile('f'), { stallMs: Number.POSITIVE_INFINITY });
    file.append(new Uint8Array(9 * 1024 * 1024));
    expect(file.congested).toBe(false);
    await file.close();
    expect(readFileSync(file.path).length).toBe(9 * 1024 * 1024);
  });

  test('on a slow disk it is congested while much waits, and drains', async () => {
    const file = new AppendFile(temporaryFile('f'), { stallMs: -1 });
    file.append(new Uint8Array(1));
    await file.flush();
    expect(file.congested).toBe(false);
    file.append(new Uint8Array(9 * 1024 * 1024));
    expect(file.congested).toBe(true);
    await file.drained();
    expect(file.congested).toBe(false);
    await file.close();
    expect(readFileSync(file.path).length).toBe(9 * 1024 * 1024 + 1);
  });

  test('after a write error everything stays readable and nobody waits for ever', async () => {
    let failure: Error | undefined;
    const file = new AppendFile('/dev/full', { onFailure: (error) => (failure = error) });
    file.append(pattern(5000));
    await file.flush();
    expect(failure).toMatchObject({ code: 'ENOSPC' });
    expect(file.failed).toBe(true);
    expect(file.congested).toBe(false);
    file.append(pattern(10, 9));
    expect(readAll(file).subarray(0, 5000)).toEqual(pattern(5000));
    await file.drained();
    await file.close();
  });
});
