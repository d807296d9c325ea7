// One operator, one value of a filter → a test of a field's value. Types come from the field's definition; what the
// filter says must fit them.
import { parseHex } from '../compose/hex.ts';
import { utf8 } from '../dissect/bytes.ts';
import type { FieldDefinition } from '../field.ts';
import { compilePattern, PatternError } from '../pattern.ts';
import type { FilterValue, Test } from './catalog.ts';
import type { Literal } from './syntax.ts';
import { FilterError, type Operator } from './tokens.ts';

/** Negative, zero or positive as the value is less than, equal to or greater than the literal; NaN: incomparable. */
type Compare = (value: FilterValue) => number;

/** The test of one value; for `!=` and `!==` it is the equality they negate. Throws FilterError. */
export function compileComparison(definition: FieldDefinition, operator: Operator, literal: Literal): Test {
  if (operator === 'contains') return compileContains(definition, literal);
  if (operator === 'matches') return compileMatches(definition, literal);
  const compare = compileCompare(definition, literal);
  switch (operator) {
    case '>':
      return (value) => compare(value) > 0;
    case '<':
      return (value) => compare(value) < 0;
    case '>=':
      return (value) => compare(value) >= 0;
    case '<=':
      return (value) => compare(value) <= 0;
    default:
      return (value) => compare(value) === 0;
  }
}

function compileCompare(definition: FieldDefinition, literal: Literal): Compare {
  switch (definition.type) {
    case 'number':
      return compareNumber(definition, literal);
    case 'boolean':
      return compareBoolean(definition, literal);
    case 'bytes': {
      const wanted = literalBytes(definition, literal);
      return (value) => compareBytes(valueBytes(value), wanted);
    }
    case 'string':
      return (value) => {
        const text = valueText(value);
        return text < literal.text ? -1 : text > literal.text ? 1 : 0;
      };
  }
}

function compareNumber(definition: FieldDefinition, literal: Literal): Compare {
  const wanted = parseNumber(literal.text);
  if (wanted === undefined || literal.quoted) throw misfit(definition, literal, 'a number');
  return (value) => {
    const number = typeof value === 'boolean' ? Number(value) : value;
    if (typeof number !== 'number' && typeof number !== 'bigint') return Number.NaN;
    return number < wanted ? -1 : number > wanted ? 1 : Number.isNaN(number) ? Number.NaN : 0;
  };
}

const BOOLEANS: { readonly [text: string]: boolean } = { true: true, false: false, 1: true, 0: false };

function compareBoolean(definition: FieldDefinition, literal: Literal): Compare {
  const wanted = BOOLEANS[literal.text.toLowerCase()];
  if (wanted === undefined) throw misfit(definition, literal, 'true or false');
  return (value) => (value === null ? Number.NaN : Number(Boolean(value)) - Number(wanted));
}

/** Decimal, hexadecimal or fractional; a bigint where a number would lose digits. */
function parseNumber(text: string): number | bigint | undefined {
  if (/^[+-]?(\d+\.\d*|\.\d+|\d+(\.\d*)?e[+-]?\d+)$/i.test(text)) return Number(text);
  const integer = /^([+-]?)(\d+|0x[\da-f]+)$/i.exec(text);
  if (!integer) return undefined;
  const magnitude = BigInt(integer[2]!);
  const value = integer[1] === '-' ? -magnitude : magnitude;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Quoted: the text's UTF-8. Else hex, `81:05` or `8105`. */
function literalBytes(definition: FieldDefinition, literal: Literal): Uint8Array {
  if (literal.quoted) return new TextEncoder().encode(literal.text);
  try {
    return parseHex(literal.text.replaceAll('.', ':'));
  } catch {
    throw misfit(definition, literal, 'bytes such as 81:05 or "text"');
  }
}

function compileContains(definition: FieldDefinition, literal: Literal): Test {
  if (definition.type === 'bytes') {
    const wanted = literalBytes(definition, literal);
    return (value) => indexOfBytes(valueBytes(value), wanted) >= 0;
  }
  refuseForNumbers('contains', definition, literal);
  return (value) => valueText(value).includes(literal.text);
}

/** As in Wireshark, a pattern ignores case. */
function compileMatches(definition: FieldDefinition, literal: Literal): Test {
  if (definition.type !== 'bytes') refuseForNumbers('matches', definition, literal);
  try {
    const pattern = compilePattern(literal.text, { ignoreCase: true });
    return (value) => pattern(valueText(value));
  } catch (error) {
    if (error instanceof PatternError) throw new FilterError(error.message, literal.at);
    throw error;
  }
}

function refuseForNumbers(operator: string, { name, type }: FieldDefinition, { at }: Literal): void {
  if (type === 'string') return;
  throw new FilterError(`“${operator}” is for text and bytes; ${name} is a ${type}.`, at);
}

function misfit({ name }: FieldDefinition, { text, at }: Literal, expected: string): FilterError {
  return new FilterError(`${name} is compared with ${expected}, not with “${text}”.`, at);
}

function valueText(value: FilterValue): string {
  return value instanceof Uint8Array ? utf8(value) : String(value ?? '');
}

function valueBytes(value: FilterValue): Uint8Array {
  return value instanceof Uint8Array ? value : new TextEncoder().encode(String(value ?? ''));
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    if (a[i] !== b[i]) return a[i]! - b[i]!;
  }
  return a.length - b.length;
}

function indexOfBytes(bytes: Uint8Array, wanted: Uint8Array): number {
  if (wanted.length === 0) return 0;
  for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    let i = 1;
    while (i < wanted.length && bytes[at + i] === wanted[i]) i++;
    if (i === wanted.length) return at;
  }
  return -1;
}
