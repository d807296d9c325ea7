// Tokens → expression tree, with Wireshark's precedence: not, then and, then or. Field names and values are still text.
import { FilterError, type Operator, type Token, tokenize } from './tokens.ts';

/** A field's name where it stands in the filter. */
export interface FieldName {
  name: string;
  at: number;
}

export interface Literal {
  text: string;
  quoted: boolean;
  at: number;
}

export type Expression =
  | { kind: 'and' | 'or'; operands: Expression[] }
  | { kind: 'not'; operand: Expression }
  | { kind: 'present'; field: FieldName }
  | { kind: 'compare'; field: FieldName; operator: Operator; literal: Literal }
  /** `low` and `high` are the same for a single value. */
  | { kind: 'in'; field: FieldName; ranges: { low: Literal; high: Literal }[] }
  /** A quoted text on its own. */
  | { kind: 'search'; text: string };

/** Parentheses and negations around one another. */
const MAX_NESTING = 100;

/** The expression of a filter; undefined for one without any. Throws FilterError. */
export function parse(text: string): Expression | undefined {
  const tokens = tokenize(text);
  if (tokens.length === 1) return undefined;
  return new Parser(tokens).filter();
}

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;
  #nesting = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  filter(): Expression {
    const expression = this.#or();
    if (this.#next.kind !== 'end') throw new FilterError('Expected “and”, “or” or the end.', this.#next.at);
    return expression;
  }

  get #next(): Token {
    return this.#tokens[this.#position]!;
  }

  #take(): Token {
    const token = this.#next;
    if (token.kind !== 'end') this.#position++;
    return token;
  }

  #taken(kind: Token['kind']): boolean {
    if (this.#next.kind !== kind) return false;
    this.#position++;
    return true;
  }

  #or(): Expression {
    const operands = [this.#and()];
    while (this.#taken('or')) operands.push(this.#and());
    return operands.length === 1 ? operands[0]! : { kind: 'or', operands };
  }

  #and(): Expression {
    const operands = [this.#condition()];
    while (this.#taken('and')) operands.push(this.#condition());
    return operands.length === 1 ? operands[0]! : { kind: 'and', operands };
  }

  #condition(): Expression {
    const token = this.#take();
    if (token.kind === 'string') return { kind: 'search', text: token.text };
    if (token.kind === 'word') return this.#comparison({ name: token.text, at: token.at });
    if (token.kind !== 'not' && token.kind !== '(') {
      throw new FilterError('Expected a field, a quoted text, “not” or “(”.', token.at);
    }
    if (++this.#nesting > MAX_NESTING) throw new FilterError(`Nested deeper than ${MAX_NESTING} levels.`, token.at);
    const expression = token.kind === 'not' ? this.#negation() : this.#group(token.at);
    this.#nesting--;
    return expression;
  }

  #negation(): Expression {
    return { kind: 'not', operand: this.#condition() };
  }

  #group(at: number): Expression {
    const expression = this.#or();
    if (!this.#taken(')')) throw new FilterError('This “(” has no “)”.', at);
    return expression;
  }

  #comparison(field: FieldName): Expression {
    const token = this.#next;
    if (token.kind === 'operator') {
      this.#position++;
      return { kind: 'compare', field, operator: token.operator, literal: this.#literal() };
    }
    if (this.#taken('in')) return { kind: 'in', field, ranges: this.#set() };
    if (token.kind === 'not' && this.#tokens[this.#position + 1]?.kind === 'in') {
      this.#position += 2;
      return { kind: 'not', operand: { kind: 'in', field, ranges: this.#set() } };
    }
    return { kind: 'present', field };
  }

  #literal(): Literal {
    const token = this.#take();
    if (token.kind !== 'word' && token.kind !== 'string') throw new FilterError('Expected a value.', token.at);
    return { text: token.text, quoted: token.kind === 'string', at: token.at };
  }

  #set(): { low: Literal; high: Literal }[] {
    const open = this.#take();
    if (open.kind !== '{') throw new FilterError('Expected “{” and the values.', open.at);
    const ranges: { low: Literal; high: Literal }[] = [];
    while (!this.#taken('}')) {
      if (this.#next.kind === 'end') throw new FilterError('This “{” has no “}”.', open.at);
      ranges.push(this.#range());
      this.#taken(',');
    }
    if (ranges.length === 0) throw new FilterError('There is no value between the braces.', open.at);
    return ranges;
  }

  /** `3`, `3..5` or `3 .. 5`. */
  #range(): { low: Literal; high: Literal } {
    const low = this.#literal();
    const dots = low.quoted ? -1 : low.text.indexOf('..');
    if (dots > 0) {
      const text = low.text.slice(dots + 2);
      const rest: Literal = { text, quoted: false, at: low.at + dots + 2 };
      return { low: { ...low, text: low.text.slice(0, dots) }, high: text === '' ? this.#literal() : rest };
    }
    const next = this.#next;
    if (next.kind !== 'word' || !next.text.startsWith('..')) return { low, high: low };
    this.#position++;
    const text = next.text.slice(2);
    return { low, high: text === '' ? this.#literal() : { text, quoted: false, at: next.at + 2 } };
  }
}
