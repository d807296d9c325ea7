import { expect, it } from 'vitest';
import { conflictText, diskFile } from '../../../src-renderer/address/disk-conflict.ts';

it('names the file without its folders', () => {
  expect(diskFile({ place: { in: 'workspace', path: 'chat/lobby/client.yaml' } })).toBe('client.yaml');
  expect(diskFile({ place: { in: 'scratch', path: 'client.yaml' } })).toBe('client.yaml');
});

it('names the first places that conflict, and counts the rest', () => {
  expect(conflictText(['target'])).toBe('target');
  expect(conflictText(['target', 'name'])).toBe('target and name');
  expect(conflictText(['a', 'b', 'c'])).toBe('a, b and c');
  expect(conflictText(['a', 'b', 'c', 'd'])).toBe('a, b, c and 1 more place');
  expect(conflictText(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more places');
});
