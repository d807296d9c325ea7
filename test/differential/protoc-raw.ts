// Messages without their types: what `protoc --decode_raw` reads, and what we do, in the same words.
import { spawnSync } from 'node:child_process';
import type { PayloadNode } from '../../src-main/core/payload/payload.ts';

/** A field at the top of a message: a number, `{` for a message, `"` for a text. */
export interface RawField {
  number: string;
  value: string;
}

/** As protoc prints them, or undefined if it refuses the bytes. */
export function rawByProtoc(bytes: Uint8Array): RawField[] | undefined {
  const { status, stdout, error } = spawnSync('protoc', ['--decode_raw'], { input: bytes, encoding: 'utf8' });
  if (error) throw new Error(`protoc is needed for this test: install protobuf-compiler. ${error.message}`);
  if (status !== 0) return undefined;
  return [...stdout.matchAll(/^(\d+)(?:: (.*)| (\{))$/gm)].map(([, number, value = '', brace]) => ({
    number: number!,
    value: brace ?? (value.startsWith('"') ? '"' : value),
  }));
}

/** The same of our tree. */
export function rawByUs(tree: readonly PayloadNode[]): RawField[] {
  return tree.map(({ label, type, value, alternatives = [] }) => {
    const isMessage = /^(message|group)/.test(type) || alternatives.some((other) => other.type.startsWith('message'));
    if (isMessage) return { number: label, value: '{' };
    if (type === 'varint') return { number: label, value };
    if (type.startsWith('fixed')) {
      const digits = type === 'fixed32' ? 8 : 16;
      return { number: label, value: `0x${BigInt(value).toString(16).padStart(digits, '0')}` };
    }
    return { number: label, value: '"' };
  });
}
