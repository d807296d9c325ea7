import { describe, expect, it } from 'vitest';
import { protocols } from '../../../src-main/core/dissect/registry.ts';
import { parseFilter } from '../../../src-main/core/filter/filter.ts';
import { PROTOCOLS } from '../../../src-main/core/session-config.ts';
import {
  applyCompletion,
  completeField,
  exampleFilter,
  withTerm,
} from '../../../src-renderer/timeline/filter-completion.ts';

const fields = [
  { name: 'websocket.opcode', label: 'Opcode', type: 'number' },
  { name: 'websocket.fin', label: 'Fin', type: 'boolean' },
  { name: 'tcp.payload', label: 'Payload', type: 'bytes' },
  { name: 'frame.number', label: 'Number', type: 'number' },
];

describe('filter completion', () => {
  it('puts names that begin with the word first, then last parts, then what contains it', () => {
    expect(completeField('web', 3, fields)?.names.map((field) => field.name)).toEqual([
      'websocket.fin',
      'websocket.opcode',
    ]);
    expect(completeField('op', 2, fields)?.names.map((field) => field.name)).toEqual(['websocket.opcode']);
    expect(completeField('pay', 3, fields)?.names[0]?.name).toBe('tcp.payload');
  });

  it('completes the word the caret is in and keeps the rest', () => {
    const text = 'websocket.fin && websocket.op == 1';
    const completion = completeField(text, 29, fields);
    expect(completion).toMatchObject({ start: 17, end: 29 });
    expect(applyCompletion(text, completion!, 'websocket.opcode')).toEqual({
      text: 'websocket.fin && websocket.opcode == 1',
      caret: 33,
    });
  });

  it('keeps quiet in strings, after operators, on keywords and on finished names', () => {
    expect(completeField('data contains "web', 18, fields)).toBeUndefined();
    expect(completeField('websocket.opcode == f', 21, fields)).toBeUndefined();
    expect(completeField('and', 3, fields)).toBeUndefined();
    expect(completeField('websocket.opcode', 16, fields)).toBeUndefined();
    expect(completeField('', 0, fields)).toBeUndefined();
  });

  it('shows examples that are filters', () => {
    const examples = PROTOCOLS.map((protocol) => exampleFilter({ role: 'client', protocol }));
    examples.push(exampleFilter({ role: 'capture', protocol: 'tcp' }));
    for (const example of examples) expect(parseFilter(example, protocols), example).toMatchObject({ ok: true });
    expect(new Set(examples).size).toBe(examples.length);
  });

  it('adds a term without changing what the filter said', () => {
    expect(withTerm('', 'a == 1')).toBe('a == 1');
    expect(withTerm('b', 'a == 1')).toBe('b && a == 1');
    expect(withTerm('b || c', 'a == 1')).toBe('(b || c) && a == 1');
  });
});
