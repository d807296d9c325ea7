import { describe, expect, it, vi } from 'vitest';
import { matchesShortcut, shownShortcut } from '../../../src-renderer/shell/shortcuts.ts';

vi.mock('../../../src-renderer/bridge/host.ts', () => ({ desktop: undefined, isMac: false }));
const { commandIds, commands, isCommandEnabled, registerCommand, runCommand } = await import(
  '../../../src-renderer/shell/commands.ts'
);

const press = (key: string, change: object = {}) => ({
  key,
  code: `Key${key.toUpperCase()}`,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...change,
});

describe('shortcuts', () => {
  it('mean Control, or Command on a Mac, and nothing more than they say', () => {
    expect(matchesShortcut('Mod+K', press('k', { ctrlKey: true }), false)).toBe(true);
    expect(matchesShortcut('Mod+K', press('k', { ctrlKey: true }), true)).toBe(false);
    expect(matchesShortcut('Mod+K', press('k', { metaKey: true }), true)).toBe(true);
    expect(matchesShortcut('Mod+K', press('k', { ctrlKey: true, shiftKey: true }), false)).toBe(false);
    expect(matchesShortcut('Mod+Shift+F', press('F', { ctrlKey: true, shiftKey: true }), false)).toBe(true);
    expect(matchesShortcut('F6', press('F6'), false)).toBe(true);
    expect(matchesShortcut('Mod+,', press(',', { ctrlKey: true }), false)).toBe(true);
  });

  it('with Alt mean the key, whatever character it types', () => {
    expect(matchesShortcut('Alt+N', press('˜', { altKey: true, code: 'KeyN' }), true)).toBe(true);
  });

  it('are shown as the platform writes them', () => {
    expect(shownShortcut('Mod+Shift+F', false)).toBe('Ctrl+Shift+F');
    expect(shownShortcut('Mod+Shift+F', true)).toBe('⌘⇧F');
    expect(shownShortcut('Mod+Enter', true)).toBe('⌘⏎');
  });

  it('belong to one command each', () => {
    const all = commandIds.flatMap((id) => commands[id].shortcuts ?? []);
    expect(new Set(all).size).toBe(all.length);
  });

  it('in a browser have an alternative for the keys it keeps to itself', () => {
    for (const id of ['session.new', 'tab.close'] as const) expect(commands[id].shortcuts?.[0]).toMatch(/^Alt/);
  });
});

describe('commands', () => {
  it('run only while somebody can carry them out', () => {
    const run = vi.fn();
    let enabled = false;
    expect(runCommand('composer.send')).toBe(false);
    const undo = registerCommand('composer.send', run, () => enabled);
    expect(runCommand('composer.send')).toBe(false);
    enabled = true;
    expect(runCommand('composer.send')).toBe(true);
    undo();
    expect(isCommandEnabled('composer.send')).toBe(false);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('go to whoever registered last, also when an earlier one leaves', () => {
    const first = vi.fn();
    const second = vi.fn();
    const undoFirst = registerCommand('composer.send', first);
    const undoSecond = registerCommand('composer.send', second);
    undoFirst();
    runCommand('composer.send');
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
    undoSecond();
  });
});
