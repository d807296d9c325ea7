// A message of Protocol Buffers in one line, from the tree that either decoder makes of it.

import type { PayloadNode } from './payload.ts';
import { MAX_PREVIEW_CHARS, shorten } from './preview.ts';

/** `{1: 150, 2: "x"}`; with a schema `{user: "a", tags: ["p", "q"], counts: {"a": 1}}`. Cut to a line. */
export function messageLine(fields: readonly PayloadNode[]): string {
  return shorten(`{${fieldsLine(fields)}}`, MAX_PREVIEW_CHARS);
}

/** The same without braces, and not cut: about a line, with as many fields as have a place in it. */
export function fieldsLine(fields: readonly PayloadNode[]): string {
  const parts: string[] = [];
  let length = 2;
  for (let i = 0; i < fields.length && length < MAX_PREVIEW_CHARS; ) {
    const members = membersFrom(fields, i);
    i += Math.max(1, members.length);
    const part = members.length === 0 ? `${fields[i - 1]!.label}: ${valueLine(fields[i - 1]!)}` : membersLine(members);
    parts.push(part);
    length += part.length + 2;
  }
  return parts.join(', ');
}

function valueLine({ value, children }: PayloadNode): string {
  return value === '' && children ? messageLine(children) : value;
}

interface Member {
  name: string;
  /** As written between the brackets. */
  key: string;
  isElement: boolean;
  node: PayloadNode;
}

/** An element of a repeated field (`tags[2]`) or an entry of a map (`counts["a"]`); undefined for any other node. */
function memberOf(node: PayloadNode): Member | undefined {
  const parts = /^([^[]+)\[(.*)\]$/s.exec(node.label);
  if (!parts) return undefined;
  const key = parts[2]!;
  return { name: parts[1]!, key, isElement: node.type !== 'entry', node };
}

/** The run of members of one field that begins with field `from`; empty if that is none. */
function membersFrom(fields: readonly PayloadNode[], from: number): Member[] {
  const first = memberOf(fields[from]!);
  const members: Member[] = [];
  for (let i = from; first && i < fields.length; i++) {
    const member = memberOf(fields[i]!);
    if (member?.name !== first.name) break;
    members.push(member);
    if (members.length > MAX_PREVIEW_CHARS / 2) break;
  }
  return members;
}

function membersLine(members: readonly Member[]): string {
  const { name, isElement } = members[0]!;
  if (isElement) return `${name}: [${members.map(({ node }) => valueLine(node)).join(', ')}]`;
  const entry = ({ key, node }: Member) => {
    const value = node.children?.find((child) => child.label === 'value');
    return `${key}: ${node.value === '' && value ? valueLine(value) : node.value}`;
  };
  return `${name}: {${members.map(entry).join(', ')}}`;
}
