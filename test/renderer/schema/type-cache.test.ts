import { expect, it, vi } from 'vitest';
import type { MessageType } from '../../../src-main/core/schema.ts';
import { TypeCache } from '../../../src-renderer/schema/type-cache.ts';
import { eventually } from '../../eventually.ts';

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
  await eventually(() => expect(changed).toHaveBeenCalledOnce());
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
  await eventually(() => expect(changed).toHaveBeenCalledOnce());
  expect(cache.isUnknown('a')).toBe(true);
});

it('shows the types from before until it knows better', async () => {
  const changed = vi.fn();
  const old = new TypeCache(async (names) => ({ messages: names.map(message), enums: [] }), changed);
  old.message('a');
  old.message('gone');
  await eventually(() => expect(changed).toHaveBeenCalledOnce());
  const renewed = { ...message('a'), comment: 'renewed' };
  const ask = vi.fn(async () => ({ messages: [renewed], enums: [] }));
  const cache = new TypeCache(ask, changed, old);
  expect(cache.message('a')?.comment).toBe('');
  expect(cache.message('gone')?.name).toBe('gone');
  expect(cache.message('never seen')).toBeUndefined();
  expect(cache.isUnknown('gone')).toBe(false);
  await eventually(() => expect(changed).toHaveBeenCalledTimes(2));
  expect(ask).toHaveBeenCalledExactlyOnceWith(['a', 'gone', 'never seen']);
  expect(cache.message('a')?.comment).toBe('renewed');
  expect(cache.message('gone')).toBeUndefined();
  expect(cache.isUnknown('gone')).toBe(true);
});
