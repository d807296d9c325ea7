import { expect, it } from 'vitest';
import { isPlaceOpen, placeKey, remember } from '../../../src-renderer/stores/tab-memory.ts';

it('tells places of the scratch area and of workspaces apart', () => {
  const scratch = placeKey({ in: 'scratch', path: 'a.yaml' }, '/w');
  const placed = placeKey({ in: 'workspace', path: 'a.yaml' }, '/w');
  expect(scratch).not.toBe(placed);
  expect(isPlaceOpen(scratch, null)).toBe(true);
  expect(isPlaceOpen(placed, '/w')).toBe(true);
  expect(isPlaceOpen(placed, '/other')).toBe(false);
  expect(isPlaceOpen(placed, null)).toBe(false);
});

it('keeps the tabs of workspaces that are not open, and takes over those that are', () => {
  const old = { tabs: ['/w a.yaml', 'scratch s.yaml', '/x b.yaml'], active: '/w a.yaml' };
  const now = { tabs: ['/x c.yaml', '/x c.yaml', 'scratch t.yaml'], active: '/x c.yaml' };
  expect(remember(old, now, '/x')).toEqual({
    tabs: ['/w a.yaml', '/x c.yaml', 'scratch t.yaml'],
    active: '/x c.yaml',
  });
});

it('forgets the oldest when there are very many', () => {
  const tabs = Array.from({ length: 600 }, (_, index) => `/w ${index}`);
  const kept = remember({ tabs, active: null }, { tabs: ['scratch new'], active: null }, null).tabs;
  expect(kept.length).toBeLessThan(600);
  expect(kept.at(-1)).toBe('scratch new');
});
