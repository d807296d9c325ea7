// What the system says when it refuses.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { errorCode, FILE_REFUSALS } from '../../src-main/core/system-error.ts';

test('an error of the system is known by its code', async () => {
  const error: unknown = await readFile(`${__filename}/none`).catch((reason: unknown) => reason);
  expect(errorCode(error)).toBe('ENOTDIR');
});

test.each([undefined, null, 'ENOENT', new Error('ENOENT'), { code: 14 }])('%o has no such code', (thrown) => {
  expect(errorCode(thrown)).toBeUndefined();
});

test.each(Object.entries(FILE_REFUSALS))('%s is told in sentences, one of which names the file', (_, refusal) => {
  expect(refusal.what('/some/file')).toMatch(/^.*\/some\/file.*\.$/);
  expect(refusal.why).toMatch(/^[A-Z].+\.$/);
  expect(refusal.next).toMatch(/^[A-Z].+\.$/);
});
