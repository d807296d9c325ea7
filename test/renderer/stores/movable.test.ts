import { describe, expect, it } from 'vitest';
import { canMove, movableSession } from '../../../src-renderer/stores/movable.ts';
import { isWithin, joined, nameError, nameOf, parentOf } from '../../../src-renderer/stores/workspace-path.ts';
import { sessionState } from '../session-state.ts';

describe('paths', () => {
  it('fall apart and come together', () => {
    expect([parentOf('a/b/c.yaml'), nameOf('a/b/c.yaml')]).toEqual(['a/b', 'c.yaml']);
    expect([parentOf('c.yaml'), nameOf('c.yaml')]).toEqual(['', 'c.yaml']);
    expect([joined('', 'x'), joined('a', 'x')]).toEqual(['x', 'a/x']);
  });

  it('lie within folders by whole names', () => {
    expect(isWithin('chat/a.yaml', 'chat')).toBe(true);
    expect(isWithin('chatter/a.yaml', 'chat')).toBe(false);
    expect(isWithin('anything', '')).toBe(true);
  });

  it.each([
    ['', false],
    ['a/b', false],
    ['a\\b', false],
    ['.git', false],
    ['Chat rooms', true],
  ])('the name %j', (name, isGood) => expect(nameError(name) === undefined).toBe(isGood));
});

it('moves nothing to where it is, and no folder into itself', () => {
  const file = { path: 'chat/a.yaml', name: 'a' };
  expect([canMove(file, 'chat'), canMove(file, ''), canMove(file, 'other')]).toEqual([false, true, true]);
  const folder = { path: 'chat', name: 'chat' };
  expect([canMove(folder, ''), canMove(folder, 'chat'), canMove(folder, 'chat/in'), canMove(folder, 'x')]).toEqual([
    false,
    false,
    false,
    true,
  ]);
});

it('moves sessions from wherever their file lies, and no capture of the scratch area', () => {
  const scratch = sessionState();
  expect(movableSession(scratch)).toEqual({ session: scratch });
  expect(canMove({ session: scratch }, '')).toBe(true);
  const placed = sessionState({ place: { in: 'workspace', path: 'chat/a.yaml' } });
  expect([canMove({ session: placed }, 'chat'), canMove({ session: placed }, '')]).toEqual([false, true]);
  const { target: _none, ...config } = scratch.config;
  expect(movableSession(sessionState({ config: { ...config, role: 'capture' } }))).toBeUndefined();
});
