// The statements of a .proto file that protobufjs reads but does not tell: syntax, edition, and which imports are public
// or weak. Only tokens are looked at; whether the file is right is for the parser to say.
import protobuf from 'protobufjs';

export interface ProtoImport {
  path: string;
  kind: 'plain' | 'public' | 'weak';
  /** From 1. */
  line: number;
}

export interface ProtoHead {
  /** `proto2` if the file says nothing. */
  syntax: string;
  edition?: string;
  imports: ProtoImport[];
}

/** @throws Error for text that has no tokens: an endless string or comment */
export function readHead(text: string): ProtoHead {
  const tokens = protobuf.tokenize(text, false);
  const head: ProtoHead = { syntax: 'proto2', imports: [] };
  let depth = 0;
  let atStart = true;
  for (let token = tokens.next(); token !== null; token = tokens.next()) {
    if (isQuote(token)) {
      tokens.next();
      tokens.next();
    } else if (token === '{') depth++;
    else if (token === '}') depth--;
    else if (depth === 0 && atStart) readStatement(token, tokens, head);
    atStart = token === ';' || token === '}';
  }
  return head;
}

function readStatement(keyword: string, tokens: protobuf.ITokenizerHandle, head: ProtoHead): void {
  const { line } = tokens;
  if (keyword === 'syntax' || keyword === 'edition') {
    tokens.skip('=', true);
    head[keyword] = readText(tokens) ?? head.syntax;
  } else if (keyword === 'import') {
    const kind = tokens.skip('public', true) ? 'public' : tokens.skip('weak', true) ? 'weak' : 'plain';
    const path = readText(tokens);
    if (path !== undefined) head.imports.push({ path, kind, line });
  }
  // The statement's end was read on the way, or is read as a token of its own.
}

/** A string, of one or several literals; undefined if none follows. */
function readText(tokens: protobuf.ITokenizerHandle): string | undefined {
  let text: string | undefined;
  for (let quote = tokens.peek(); isQuote(quote); quote = tokens.peek()) {
    tokens.next();
    text = (text ?? '') + (tokens.next() ?? '');
    tokens.next();
  }
  return text;
}

function isQuote(token: string | null): boolean {
  return token === '"' || token === "'";
}
