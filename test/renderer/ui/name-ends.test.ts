import { describe, expect, it } from 'vitest';
import { nameEnds } from '../../../src-renderer/ui/name-ends.ts';

describe('nameEnds', () => {
  it.each([
    ['Chat client (python)', 'Chat client ', '(python)'],
    ['Chat client (node)', 'Chat client ', '(node)'],
    ['Chat server 2026-11-21 13:39:45', 'Chat server 2026-11-21 ', '13:39:45'],
    ['Greeter, client, TLS', 'Greeter, client, ', 'TLS'],
    ['one-very-long-name-of-a-session', 'one-very-long-name-of-a-s', 'ession'],
    ['🚀🚀🚀🚀🚀🚀🚀🚀', '🚀🚀', '🚀🚀🚀🚀🚀🚀'],
  ])('%s keeps its end', (name, head, tail) => {
    expect(nameEnds(name)).toEqual({ head, tail });
  });

  it.each(['', 'Lobby', 'Echo v2'])('%j is short, and stays whole', (name) => {
    expect(nameEnds(name)).toEqual({ head: name, tail: '' });
  });
});
