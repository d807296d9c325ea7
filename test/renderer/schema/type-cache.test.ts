import { expect, it, vi } from 'vitest';
import type { MessageType } from '../../../src-main/core/schema.ts';
import { TypeCache } from '../../../src-renderer/schema/type-cache.ts';

const message = (name: string): MessageType => ({ name, fields: [], oneofs: [], comment: '' });

it('asks once for all that was missed, and says when it has come', async () => {
  const ask = vi.fn(async (names: string[]) => ({
    messages: names.filter((name) => name !== 'nobody').map(message),
    enums: [{ name: 'E', values: [], comment: '', open: true }],
  }));
  const changed = vi.fn();
  const cache = new TypeCache(ask, changed);
  expect(cache.message('a')).toBeUndefined();
  cache.message('b');
  cache.message('a');
  cache.message('nobody');
  await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
  expect(ask).toHaveBeenCalledExactlyOnceWith(['a', 'b', 'nobody']);
  expect(cache.message('a')?.name).toBe('a');
  expect(cache.enumeration('E')?.name).toBe('E');
  expect(cache.isUnknown('nobody')).toBe(true);
  expect(cache.message('nobody')).toBeUndefined();
  expect(ask).toHaveBeenCalledOnce();
});

it('works on without an answer', async () => {
  const changed = vi.fn();
  const cache = new TypeCache(() => Promise.reject(new Error('gone')), changed);
  cache.message('a');
  await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
  expect(cache.isUnknown('a')).toBe(true);
});
