import { describe, expect, it } from 'vitest';
import { readMessageLine } from '../../../src-main/core/compose/message-line.ts';
import type { SavedMessage } from '../../../src-main/core/session-config.ts';
import { entriesOf, planOfLines, planOfRows, stepsOf } from '../../../src-renderer/composer/list-plan.ts';

const SAVED: SavedMessage[] = [
  { name: 'hello', json: { text: 'hello' } },
  { name: 'raw', hex: '0a00' },
  { name: 'broken', file: '' },
];

describe('lines', () => {
  it('have the pause between two, but where a line says how long to wait', () => {
    const plan = planOfLines('{"a": 1}\r\n\n  {"n": 9007199254740993}\nwait 2s\nwait 1\n{}\nwait 5ms', 500);
    expect(plan).toEqual({
      ok: true,
      messages: 3,
      items: [
        { send: { json: { a: 1 } } },
        { waitMs: 500 },
        { send: { text: '{"n":9007199254740993}' } },
        { waitMs: 2000 },
        { waitMs: 1 },
        { send: { json: {} } },
        { waitMs: 5 },
      ],
    });
    expect(planOfLines('{}\n{}', 0)).toMatchObject({ items: [{ send: { json: {} } }, { send: { json: {} } }] });
    expect(planOfLines('', 500)).toEqual({ ok: true, items: [], messages: 0 });
  });

  it('are named where they are wrong', () => {
    expect(planOfLines('{}\n\n{"a":', 0)).toEqual({ ok: false, error: expect.stringMatching(/^Line 3: Not JSON/) });
    expect(planOfLines('{}\n'.repeat(10_001), 0)).toEqual({
      ok: false,
      error: expect.stringContaining('have a script'),
    });
    expect(planOfLines('{}\n'.repeat(10_000), 0)).toMatchObject({ ok: true, messages: 10_000 });
  });

  it.each([
    'wait 250ms',
    'wait 1.5s',
    'wait  2m',
    'wait 7',
    'wait',
    'wait 2h',
    'wait 40000m',
    'Wait 1s',
    '"wait 1s"',
    '{',
  ])('are read as the engine reads them from a file: %s', (line) => {
    const plan = planOfLines(line, 0);
    let said: ReturnType<typeof readMessageLine> | 'nothing' = 'nothing';
    try {
      said = readMessageLine(line);
    } catch {}
    expect(plan.ok).toBe(said !== 'nothing');
    if (plan.ok && said && said !== 'nothing') expect('waitMs' in plan.items[0]!).toBe('waitMs' in said);
    if (plan.ok && 'waitMs' in plan.items[0]!) expect(plan.items[0]).toEqual(said);
  });
});

describe('rows', () => {
  const rows = [
    { name: 'hello', wait: '' },
    { name: 'raw', wait: ' 2s ' },
    { name: 'hello', wait: '' },
    { name: 'hello', wait: '0' },
  ];

  it('have the wait that is typed, or the pause', () => {
    const plan = planOfRows(rows, SAVED, 100);
    if (!plan.ok) throw new Error(plan.error);
    expect(plan.messages).toBe(4);
    expect(entriesOf(plan.items)).toEqual([
      { send: { json: { text: 'hello' } } },
      { waitMs: 2000 },
      { send: { hex: '0a00' } },
      { waitMs: 100 },
      { send: { json: { text: 'hello' } } },
      { waitMs: 0 },
      { send: { json: { text: 'hello' } } },
    ]);
    expect(stepsOf(plan.items, true)).toEqual([
      { send: 'hello' },
      { wait: '2s' },
      { send: 'raw' },
      { wait: '100ms' },
      { send: 'hello' },
      { wait: '0ms' },
      { send: 'hello' },
      'endStreaming',
    ]);
  });

  it.each([
    [{ name: 'gone', wait: '' }, 'Message 1: there is no saved message “gone”.'],
    [{ name: 'hello', wait: 'soon' }, 'Message 1: “soon” is no time such as 250ms, 2s or 1m.'],
    [{ name: 'broken', wait: '' }, 'Message 1: Choose a file.'],
  ])('are named where they are wrong: %j', (row, error) => {
    expect(planOfRows([row], SAVED, 0)).toEqual({ ok: false, error });
  });
});

it('lines become steps that carry their messages', () => {
  const plan = planOfLines('{"a":1}\n{"n":9007199254740993}', 0);
  expect(plan.ok && stepsOf(plan.items, false)).toEqual([
    { send: { json: { a: 1 } } },
    { send: { text: '{"n":9007199254740993}' } },
  ]);
});
