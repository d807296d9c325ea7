import { expect, test } from 'vitest';
import type { Step } from '../../src-main/core/session-config.ts';
import { formatScript, parseScript } from '../../src-main/engine/scripts/text.ts';

const SCRIPT: Step[] = [
  { send: 'hello' },
  { send: { json: { user: 'User1', text: 'Hello: "you"\n' } }, method: 'chat.ChatService/SendMessage' },
  { expect: { contains: '# no comment', within: '2s', capture: { token: '$.auth.token' } } },
  { wait: '100ms' },
  { ping: { hex: '01' } },
  'endStreaming',
  { close: { code: 1000, reason: 'yes' } },
];

test('a script is the same after it was text', () => {
  expect(parseScript(formatScript(SCRIPT))).toEqual({ ok: true, script: SCRIPT });
  expect(formatScript(SCRIPT)).toMatch(/^- send: hello\n/);
});

test('no steps are no text, and comments alone no steps', () => {
  expect(formatScript([])).toBe('');
  expect(parseScript('')).toEqual({ ok: true, script: [] });
  expect(parseScript('# later\n')).toEqual({ ok: true, script: [] });
});

test.each([
  ['- send: a\n- snd: b', 2, 'unknown key "snd" in step 2'],
  ['- send: a\n- expect:\n    within: soon', 3, 'step 2, expect.within: '],
  ['- send: a\n- expect:\n    txt: b', 3, 'unknown key "txt" in step 2, expect'],
  ['- send: a\n- stop', 2, 'step 2: '],
  ['send: a', 1, 'expected array'],
  ['- send: [', 2, 'Flow sequence'],
  ['- send: "a', 1, 'Missing closing'],
])('%j says what is wrong, and in which line', (text, line, error) => {
  const parsed = parseScript(text);
  expect(parsed).toEqual({ ok: false, error: expect.stringContaining(error), line: expect.any(Number) });
  expect('line' in parsed && Math.abs(parsed.line! - line)).toBeLessThanOrEqual(text.endsWith('[') ? 1 : 0);
});

test('aliases that stand for more and more are refused', () => {
  const rows = Array.from({ length: 9 }, (_, i) => `- &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`);
  expect(parseScript(['- &a0 [x]', ...rows].join('\n'))).toMatchObject({ ok: false });
});
