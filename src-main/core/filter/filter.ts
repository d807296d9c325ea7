// The filter language: Wireshark's names, operators and meaning, over records. A condition that the record's numbers
// decide is asked before one that needs bytes.
import { utf8 } from '../dissect/bytes.ts';
import type { Protocol } from '../protocol.ts';
import { Catalog, type FieldReader, filterFields, type Test } from './catalog.ts';
import { compileComparison } from './comparison.ts';
import { type FilterSubject, ViewSubject } from './subject.ts';
import { type Expression, type FieldName, parse } from './syntax.ts';
import { FilterError } from './tokens.ts';

export { type FilterSubject, filterFields, ViewSubject };

export interface Filter {
  /** As it was written. */
  readonly text: string;
  /** false: the record's numbers decide; detail, summary and payload are never asked for. */
  readonly needsDetail: boolean;
  matches(subject: FilterSubject): boolean;
}

/** `at`: index into the filter's text. */
export type FilterResult = { ok: true; filter: Filter } | { ok: false; error: string; at: number };

/**
 * Compiles a filter over the fields of `protocols` and those every record has. An empty text lets everything pass.
 *
 * - `websocket`, `websocket.opcode`: the record has it
 * - `==` `!=` `>` `<` `>=` `<=` (`eq` `ne` `gt` `lt` `ge` `le`), `contains`, `matches` or `~` (case-insensitive),
 *   `in {1, 3..5}`; of several values `!=` asks that all differ, the others that one fits; `===` all equal, `!==` one
 *   differs; a comparison of a field that is not there is false
 * - `&&` `||` `!` (`and` `or` `not`), parentheses
 * - `"text"` on its own: in the summary or the payload, whatever the case
 */
export function parseFilter(text: string, protocols: readonly Protocol[]): FilterResult {
  try {
    const expression = parse(text);
    if (!expression) return { ok: true, filter: { text, needsDetail: false, matches: () => true } };
    const { fromRecord, holds } = compile(expression, new Catalog(protocols));
    return { ok: true, filter: { text, needsDetail: !fromRecord, matches: holds } };
  } catch (error) {
    if (error instanceof FilterError) return { ok: false, error: error.message, at: error.at };
    throw error;
  }
}

interface Condition {
  fromRecord: boolean;
  holds: (subject: FilterSubject) => boolean;
}

function compile(expression: Expression, catalog: Catalog): Condition {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return combine(
        expression.kind,
        expression.operands.map((operand) => compile(operand, catalog)),
      );
    case 'not': {
      const { fromRecord, holds } = compile(expression.operand, catalog);
      return { fromRecord, holds: (subject) => !holds(subject) };
    }
    case 'search':
      return search(expression.text);
    case 'present':
      return presence(readerOf(expression.field, catalog));
    case 'compare': {
      const { operator } = expression;
      const reader = readerOf(expression.field, catalog);
      const test = compileComparison(reader.definition, operator, spelled(expression.literal, reader));
      return quantified(reader, test, operator);
    }
    case 'in': {
      const reader = readerOf(expression.field, catalog);
      const tests = expression.ranges.map(({ low, high }): Test => {
        if (low === high) return compileComparison(reader.definition, '==', spelled(low, reader));
        const above = compileComparison(reader.definition, '>=', spelled(low, reader));
        const below = compileComparison(reader.definition, '<=', spelled(high, reader));
        return (value) => above(value) && below(value);
      });
      return quantified(reader, (value) => tests.some((test) => test(value)), '==');
    }
  }
}

/** Which of several values must pass, as Wireshark 4 has it. */
function quantified(reader: FieldReader, test: Test, operator: string): Condition {
  const { fromRecord } = reader;
  const exists = presence(reader).holds;
  switch (operator) {
    case '!=':
      return { fromRecord, holds: (subject) => exists(subject) && !reader.some(subject, test) };
    case '===':
      return { fromRecord, holds: (subject) => exists(subject) && !reader.some(subject, (value) => !test(value)) };
    case '!==':
      return { fromRecord, holds: (subject) => reader.some(subject, (value) => !test(value)) };
    default:
      return { fromRecord, holds: (subject) => reader.some(subject, test) };
  }
}

function presence(reader: FieldReader): Condition {
  const { fromRecord } = reader;
  return reader.exists ?? { fromRecord, holds: (subject) => reader.some(subject, () => true) };
}

function combine(kind: 'and' | 'or', operands: readonly Condition[]): Condition {
  const cheapFirst = [...operands].sort((a, b) => Number(b.fromRecord) - Number(a.fromRecord));
  const tests = cheapFirst.map(({ holds }) => holds);
  const fromRecord = operands.every((operand) => operand.fromRecord);
  if (kind === 'and') return { fromRecord, holds: (subject) => tests.every((holds) => holds(subject)) };
  return { fromRecord, holds: (subject) => tests.some((holds) => holds(subject)) };
}

function search(text: string): Condition {
  const wanted = text.toLowerCase();
  return {
    fromRecord: false,
    holds(subject) {
      if (subject.summary().toLowerCase().includes(wanted)) return true;
      const payload = subject.payload();
      return payload !== undefined && utf8(payload.bytes).toLowerCase().includes(wanted);
    },
  };
}

function readerOf({ name, at }: FieldName, catalog: Catalog): FieldReader {
  const reader = catalog.reader(name);
  if (reader) return reader;
  const nearest = catalog.nearest(name);
  const hint = nearest ? ` Did you mean ${nearest}?` : ' To search for text, put it in quotes.';
  throw new FilterError(`There is no field “${name}”.${hint}`, at);
}

function spelled<L extends { text: string }>(literal: L, { spelling }: FieldReader): L {
  return spelling ? { ...literal, text: spelling(literal.text) } : literal;
}
