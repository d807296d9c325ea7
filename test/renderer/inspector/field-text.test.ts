import { describe, expect, it } from 'vitest';
import type { Field } from '../../../src-main/core/field.ts';
import { withoutEchoes } from '../../../src-renderer/inspector/field-text.ts';

describe('fields as a person reads them', () => {
  it('shows a header once, under its own name and with the bytes of its line', () => {
    const own: Field = { name: 'http.upgrade', label: 'Upgrade', value: 'websocket', start: 29, length: 9 };
    const line: Field = {
      name: 'http.request.line',
      label: 'Upgrade',
      value: 'Upgrade: websocket\r\n',
      display: 'websocket',
      start: 20,
      length: 20,
      children: [own],
    };
    const head: Field = { name: 'http', label: 'HTTP request', value: 'GET /', start: 0, length: 60, children: [line] };
    expect(withoutEchoes([head, line])).toEqual([
      { ...head, children: [{ ...own, start: 20, length: 20 }] },
      { ...own, start: 20, length: 20 },
    ]);
  });

  it('leaves a field alone whose only child says something else', () => {
    const child: Field = { name: 'a.b', label: 'B', value: 1, start: 1, length: 1 };
    const field: Field = { name: 'a', label: 'A', value: 1, start: 0, length: 2, children: [child] };
    expect(withoutEchoes([field])).toEqual([field]);
  });
});
