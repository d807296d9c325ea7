// JSON for reading: laid out and cut into coloured tokens without ever being parsed into values, so that 64-bit
// integers, duplicate keys and the order of keys stay as they were sent. Iterative: nesting cannot overflow a stack.

export type TokenKind = 'key' | 'string' | 'number' | 'word' | 'mark' | 'plain';

export interface Token {
  kind: TokenKind;
  text: string;
}

/** One line of tokens. */
export type TokenLine = Token[];

const SCAN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[{}[\],:]|true|false|null|\s+|[^\s"{}[\],:]+|"/gy;
const INDENT = '  ';
/** Deeper nesting is not indented further. */
const MAX_INDENT = 40;

/** Laid out with one member a line, empty containers on one. What is not JSON stays in place as plain text. */
export function jsonLines(text: string): TokenLine[] {
  const tokens = scan(text);
  const lines: TokenLine[] = [];
  let line: TokenLine = [];
  let depth = 0;
  const breakLine = (): void => {
    lines.push(line);
    const indent = INDENT.repeat(Math.min(depth, MAX_INDENT));
    line = indent === '' ? [] : [{ kind: 'plain', text: indent }];
  };
  tokens.forEach((token, position) => {
    const next = tokens[position + 1];
    if (token.text === '{' || token.text === '[') {
      line.push({ kind: 'mark', text: token.text });
      if (next?.text === '}' || next?.text === ']') return;
      depth += 1;
      breakLine();
    } else if (token.text === '}' || token.text === ']') {
      const before = tokens[position - 1]?.text;
      if (before !== '{' && before !== '[') {
        depth = Math.max(0, depth - 1);
        breakLine();
      }
      line.push({ kind: 'mark', text: token.text });
    } else if (token.text === ',') {
      line.push({ kind: 'mark', text: ',' });
      breakLine();
    } else if (token.text === ':') {
      line.push({ kind: 'mark', text: ': ' });
    } else {
      line.push(token.kind === 'string' && next?.text === ':' ? { kind: 'key', text: token.text } : token);
    }
  });
  lines.push(line);
  return lines;
}

function scan(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [part] of text.matchAll(SCAN)) {
    const kind = kindOf(part);
    if (kind) tokens.push({ kind, text: part });
  }
  return tokens;
}

function kindOf(part: string): TokenKind | undefined {
  if (/^\s/.test(part)) return undefined;
  if (part.length > 1 && part.startsWith('"')) return 'string';
  if (/^[{}[\],:]$/.test(part)) return 'mark';
  if (/^-?\d/.test(part)) return 'number';
  return part === 'true' || part === 'false' || part === 'null' ? 'word' : 'plain';
}
