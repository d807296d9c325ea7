import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ContentError,
  composeContent,
  composeFile,
  type InlineContent,
  isFileContent,
} from '../../../src-main/core/compose/content.ts';
import { FUZZ_RUNS } from '../../fuzz/laws.ts';

const utf8 = (text: string) => [...new TextEncoder().encode(text)];

describe('content', () => {
  it.each<[InlineContent, number[], boolean]>([
    [{ text: 'hé' }, utf8('hé'), true],
    [{ text: '' }, [], true],
    [{ json: { a: 1, b: [null] } }, utf8('{"a":1,"b":[null]}'), true],
    [{ json: 5 }, utf8('5'), true],
    [{ json: ' {"id": 9007199254740993}\n' }, utf8(' {"id": 9007199254740993}\n'), true],
    [{ json: '"word"' }, utf8('"word"'), true],
    [{ hex: '81 05:48-65\n6c,6C_6f' }, [0x81, 5, 0x48, 0x65, 0x6c, 0x6c, 0x6f], false],
    [{ hex: '0x81, 0X05 \\x48\\x65 0x6c6c' }, [0x81, 5, 0x48, 0x65, 0x6c, 0x6c], false],
    [{ hex: ' ' }, [], false],
    [{ base64: 'aGk=' }, utf8('hi'), false],
    [{ base64: ' aG\nk ' }, utf8('hi'), false],
    [{ base64: '-_-_' }, [0xfb, 0xff, 0xbf], false],
    [{ base64: '+/+/' }, [0xfb, 0xff, 0xbf], false],
    [{ base64: '' }, [], false],
  ])('%j', (content, bytes, text) => {
    const composed = composeContent(content);
    expect([...composed.bytes]).toEqual(bytes);
    expect(composed.text).toBe(text);
  });

  it.each<[InlineContent, string, number | undefined]>([
    [{ hex: '81 0g' }, '“g” is not a hex digit, at character 5.', 4],
    [{ hex: '81 0' }, 'A byte has two hex digits; here one is missing, at character 4.', 3],
    [{ hex: '8 1' }, 'A byte has two hex digits; here one is missing, at character 1.', 0],
    [{ hex: '81 😀' }, '“😀” is not a hex digit, at character 4.', 3],
    [{ base64: 'aG!k' }, '“!” is not base64, at character 3.', 2],
    [{ base64: 'aGk=aGk=' }, 'Base64 goes on after its padding, at character 5.', 4],
    [{ base64: 'aGkxa' }, 'Base64 ends with a single character of a group, at character 5.', 4],
    [{ base64: 'aGk==' }, 'Base64 has the wrong number of = at its end, at character 4.', 3],
    [
      { json: '{"é": 01}' },
      'This is not JSON: A number does not begin with a zero before other digits, at character 7.',
      6,
    ],
    [{ json: 'word' }, 'This is not JSON: Expected a value, at character 1.', 0],
    [{ json: '' }, 'This is not JSON: There is no value, at character 1.', 0],
    [{ json: undefined }, 'There is no JSON to send.', undefined],
    [{ json: 1n }, 'This cannot be written as JSON: Do not know how to serialize a BigInt.', undefined],
  ])('refuses %s', (content, message, at) => {
    try {
      composeContent(content);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ContentError);
      expect((error as ContentError).message).toBe(message);
      expect((error as ContentError).at).toBe(at);
    }
  });

  it('leaves files to the caller', () => {
    expect(isFileContent({ file: 'a.bin' })).toBe(true);
    expect(isFileContent({ text: 'a.bin' })).toBe(false);
    expect(composeFile(Uint8Array.of(1))).toEqual({ bytes: Uint8Array.of(1), text: false });
  });

  it('reads what Buffer writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60, size: 'max' }), (bytes) => {
        const buffer = Buffer.from(bytes);
        for (const content of [
          { hex: buffer.toString('hex') },
          { base64: buffer.toString('base64') },
          { base64: buffer.toString('base64url') },
        ]) {
          expect(Buffer.from(composeContent(content).bytes)).toEqual(buffer);
        }
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('takes any text or refuses it with a position inside it', () => {
    const keys = fc.constantFrom('hex', 'base64', 'json');
    fc.assert(
      fc.property(keys, fc.string({ unit: 'binary', maxLength: 30, size: 'max' }), (key, text) => {
        try {
          composeContent({ [key]: text } as InlineContent);
        } catch (error) {
          expect(error).toBeInstanceOf(ContentError);
          const { at } = error as ContentError;
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
