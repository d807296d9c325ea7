import { expect, it } from 'vitest';
import { MAX_LISTED, paletteSessions } from '../../../src-renderer/shell/palette-sessions.ts';
import { sessionState } from '../session-state.ts';

const named = (name: string, target: string, path: string) =>
  sessionState({
    id: path,
    place: { in: 'workspace', path },
    config: { ...sessionState().config, name, target },
  });
const sessions = [
  named('Lobby', 'ws://chat.test/', 'chat/lobby.yaml'),
  named('Greeter', 'grpc://greet.test', 'g.yaml'),
  named('Log of billing', 'tcp://h', 'b.yaml'),
];
const found = (typed: string) => paletteSessions(sessions, typed).listed.map(({ config }) => config.name);

it('finds by name, address and path, the best first', () => {
  expect(found('')).toEqual(['Lobby', 'Greeter', 'Log of billing']);
  expect(found(' greet ')).toEqual(['Greeter']);
  expect(found('chat/')).toEqual(['Lobby']);
  expect(found('lob')).toEqual(['Lobby', 'Log of billing']);
  expect(found('b')).toEqual(['Log of billing', 'Lobby']);
  expect(found('log b')).toEqual(['Log of billing']);
  expect(found('zz')).toEqual([]);
});

it('lists no more than anybody reads, and says how many more there are', () => {
  const many = Array.from({ length: 5000 }, (_, index) => named(`Session ${index}`, '', `s${index}.yaml`));
  expect(paletteSessions(many, '').listed).toHaveLength(MAX_LISTED);
  expect(paletteSessions(many, '').more).toBe(5000 - MAX_LISTED);
  expect(paletteSessions(many, 'session 4321').listed[0]?.id).toBe('s4321.yaml');
});
