import { describe, expect, it } from 'vitest';
import type { PayloadNode, PayloadView } from '../../../src-main/bridge/contract.ts';
import type { Field } from '../../../src-main/core/field.ts';
import { fieldLines, messageLines } from '../../../src-renderer/inspector/message-lines.ts';

const node = (label: string, value: string, children?: PayloadNode[]): PayloadNode => ({
  label,
  value,
  type: 'string',
  start: 0,
  length: 1,
  ...(children ? { children } : {}),
});
const view = (more: Partial<PayloadView>): PayloadView => ({
  view: 'protobuf',
  alternatives: [],
  shown: 1,
  total: 1,
  ...more,
});

describe('a message in a few lines', () => {
  it('names the fields, those inside moved in', () => {
    const tree = [node('user', '"ada"'), node('room', '', [node('name', '"lobby"')])];
    expect(messageLines(view({ tree }))).toEqual(['user: "ada"', 'room:', '  name: "lobby"']);
    expect(messageLines(view({ tree: [node('', '', tree)] }))).toEqual(['user: "ada"', 'room:', '  name: "lobby"']);
  });

  it('shows text by lines, and cuts what is long', () => {
    expect(messageLines(view({ text: 'a\nb' }))).toEqual(['a', 'b']);
    const lines = messageLines(view({ text: Array.from({ length: 100 }, () => 'x'.repeat(1000)).join('\n') }));
    expect(lines).toHaveLength(13);
    expect(lines.at(-1)).toBe('…');
    expect(lines[0]).toHaveLength(301);
  });

  it('says how much there is of a value that was cut', () => {
    const cut = { shownBytes: 1_000_000, totalBytes: 5_000_000 };
    const long = { ...node('text', `"${'x'.repeat(900)}…"`), cut };
    const [line] = messageLines(view({ tree: [long] }));
    expect(line).toMatch(/^text: "x{290,}… \(first 1\u202fMB of 5\u202fMB\)$/);
    const json = { ...node('text', '"x…'), cut: { shownBytes: 1_000_000 } };
    expect(messageLines(view({ tree: [json] }))).toEqual(['text: "x… (first 1\u202fMB)']);
  });

  it('has nothing to say of an empty message, and survives hostile depth', () => {
    expect(messageLines(view({ total: 0 }))).toEqual([]);
    let deep = node('x', '');
    for (let depth = 0; depth < 50_000; depth += 1) deep = node('x', '', [deep]);
    expect(messageLines(view({ tree: [deep] }))).toHaveLength(13);
  });

  it('says the same of a message among the fields of a record', () => {
    const field = (name: string, label: string, value: string, ...children: Field[]): Field => ({
      ...{ name, label, value, start: 0, length: 0 },
      ...(children.length > 0 && { children }),
    });
    const inner = field('protobuf.field', 'name', '"lobby"', field('protobuf.field.number', 'Number', '1'));
    const message = field(
      ...(['protobuf', 'Protocol Buffers', 'chat.Who'] as const),
      field('protobuf.message.name', 'Message', 'chat.Who'),
      field('protobuf.field', 'user', '"ada"', field('protobuf.field.value.string', 'string', 'ada')),
      field('protobuf.field', 'room', '{name: "lobby"}', inner),
    );
    expect(fieldLines(message)).toEqual(['user: "ada"', 'room:', '  name: "lobby"']);
  });
});
