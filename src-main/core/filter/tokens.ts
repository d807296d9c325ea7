// Filter text → tokens. Knows spelling, not meaning.

/** What is wrong with a filter, and where: `at` is an index into its text. */
export class FilterError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.name = 'FilterError';
    this.at = at;
  }
}

export type Operator = '==' | '!=' | '===' | '!==' | '>' | '<' | '>=' | '<=' | 'contains' | 'matches';

export type Token =
  /** A field name or an unquoted value. */
  | { kind: 'word'; text: string; at: number }
  | { kind: 'string'; text: string; at: number }
  | { kind: 'operator'; operator: Operator; at: number }
  | { kind: 'and' | 'or' | 'not' | 'in' | '(' | ')' | '{' | '}' | ',' | 'end'; at: number };

/** Words and signs that mean something; any case. */
const OPERATORS: { readonly [word: string]: Operator } = {
  '==': '==',
  eq: '==',
  any_eq: '==',
  '!=': '!=',
  ne: '!=',
  all_ne: '!=',
  '===': '===',
  all_eq: '===',
  '!==': '!==',
  any_ne: '!==',
  '>': '>',
  gt: '>',
  '<': '<',
  lt: '<',
  '>=': '>=',
  ge: '>=',
  '<=': '<=',
  le: '<=',
  contains: 'contains',
  matches: 'matches',
  '~': 'matches',
};

const KEYWORDS: { readonly [word: string]: 'and' | 'or' | 'not' | 'in' | '(' | ')' | '{' | '}' | ',' } = {
  and: 'and',
  '&&': 'and',
  or: 'or',
  '||': 'or',
  not: 'not',
  '!': 'not',
  in: 'in',
  '(': '(',
  ')': ')',
  '{': '{',
  '}': '}',
  ',': ',',
};

const SPACE = /\s+/y;
const SIGN = /[!=]==|[=!<>]=|[<>~!(){},]|&&|\|\|/y;
/** Everything up to white space, a quote or a sign; `->` is part of a word. */
const WORD = /(?:->|[^\s"'(){},=!<>~&|])+/y;
const STRING = /(r?)("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/sy;

/** The tokens of a filter, the last one `end`. Throws FilterError. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  while (at < text.length) {
    const space = take(SPACE);
    if (space) {
      at += space[0].length;
      continue;
    }
    const string = take(STRING);
    if (string) {
      tokens.push({
        kind: 'string',
        text: string[1] ? string[2]!.slice(1, -1) : unescaped(string[2]!.slice(1, -1)),
        at,
      });
      at += string[0].length;
      continue;
    }
    const found = take(SIGN) ?? take(WORD);
    if (!found) throw new FilterError(strayCharacter(text[at]!), at);
    tokens.push(meaning(found[0], at));
    at += found[0].length;
  }
  tokens.push({ kind: 'end', at: text.length });
  return tokens;
}

function meaning(text: string, at: number): Token {
  const word = text.toLowerCase();
  const operator = Object.hasOwn(OPERATORS, word) ? OPERATORS[word] : undefined;
  if (operator) return { kind: 'operator', operator, at };
  const keyword = Object.hasOwn(KEYWORDS, word) ? KEYWORDS[word] : undefined;
  return keyword ? { kind: keyword, at } : { kind: 'word', text, at };
}

function strayCharacter(character: string): string {
  switch (character) {
    case '"':
    case "'":
      return 'This quotation has no end.';
    case '=':
      return 'Write == to compare.';
    case '&':
      return 'Write && or “and”.';
    case '|':
      return 'Write || or “or”.';
    default:
      return `“${character}” means nothing here.`;
  }
}

const ESCAPES: { readonly [letter: string]: string } = {
  n: '\n',
  r: '\r',
  t: '\t',
  0: '\0',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

/** Escapes of a quoted text; one that is unknown stays as it is, so that "\d" works in a pattern. */
function unescaped(text: string): string {
  return text.replace(/\\(?:x([\da-f]{2})|u([\da-f]{4})|(.))/gis, (whole, byte, unit, letter) => {
    if (byte ?? unit) return String.fromCharCode(Number.parseInt(byte ?? unit, 16));
    return ESCAPES[letter] ?? whole;
  });
}
