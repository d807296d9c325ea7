import { describe, expect, it, vi } from 'vitest';
import { matchScore } from '../../../src-renderer/shell/palette-match.ts';

vi.mock('../../../src-renderer/bridge/host.ts', () => ({ desktop: undefined, isMac: false }));
const { commandIds, commands } = await import('../../../src-renderer/shell/commands.ts');

/** Titles of commands that are found, the best first. */
function found(typed: string): string[] {
  return commandIds
    .map((id) => ({ title: commands[id].title, score: matchScore(typed, commands[id].title, commands[id].keywords) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ title }) => title);
}

describe('what is typed into the palette', () => {
  it.each([
    ['send', 'Send message'],
    ['rep', 'Send repeatedly…'],
    ['send rep', 'Send repeatedly…'],
    ['mess', 'Send message'],
    ['ws', 'New WebSocket client'],
    ['pcap', 'Open capture…'],
    ['diff', 'Next difference'],
  ])('%j finds %j', (typed, title) => expect(found(typed)).toContain(title));

  it('puts names that begin with it first, and further words last', () => {
    expect(found('send').findIndex((title) => !title.startsWith('Send'))).toBeGreaterThan(4);
    expect(found('send m')[0]).toBe('Send message');
    expect(found('send p').slice(0, 2)).toEqual(['Send ping…', 'Send pong…']);
    expect(found('settings')[0]).toBe('Session settings');
    expect(matchScore('new', 'New session')).toBeGreaterThan(matchScore('new', 'Follow new records'));
    expect(matchScore('scroll', 'Follow new records', 'scroll end auto')).toBeGreaterThan(0);
  });

  it('takes initials, and no letters scattered over a name', () => {
    expect(matchScore('nwc', 'New WebSocket client')).toBeGreaterThan(0);
    expect(matchScore('send', 'Try it: echo server and client')).toBe(0);
    expect(found('zzz')).toEqual([]);
  });

  it('finds all when nothing is typed', () => {
    expect(found('  ')).toHaveLength(commandIds.length);
  });
});
