// A command line as a POSIX shell splits it into words, and a word as it must be quoted for one. Runs nothing and expands
// nothing.
import { ContentError } from './content-error.ts';

export interface ShellWords {
  words: string[];
  /** The line goes on behind an operator (`|`, `;`, `&&`, `>` …), from there. */
  rest: string;
  /** Somewhere a shell would put in the value of a variable or a command; here it stands as it was written. */
  expands: boolean;
}

const OPERATORS = '|;&<>\n';
const BLANKS = ' \t\r';

/** The first command of a line. @throws ContentError for a quote that is not closed */
export function splitShell(text: string): ShellWords {
  return new Splitter(text).run();
}

/** A word as a POSIX shell must be given it. */
export function quoteShell(word: string): string {
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

class Splitter {
  readonly #text: string;
  #at = 0;
  #expands = false;

  constructor(text: string) {
    this.#text = text;
  }

  run(): ShellWords {
    const words: string[] = [];
    for (;;) {
      this.#skipBlanks();
      const next = this.#text[this.#at];
      if (next === undefined || OPERATORS.includes(next)) break;
      words.push(this.#word());
    }
    return { words, rest: this.#text.slice(this.#at), expands: this.#expands };
  }

  #skipBlanks(): void {
    for (;;) {
      if (this.#text.startsWith('\\\n', this.#at)) this.#at += 2;
      else if (this.#text.startsWith('\\\r\n', this.#at)) this.#at += 3;
      else if (BLANKS.includes(this.#text[this.#at] ?? '?')) this.#at += 1;
      else return;
    }
  }

  #word(): string {
    let word = '';
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined || BLANKS.includes(character) || OPERATORS.includes(character)) return word;
      if (character === "'") word += this.#single();
      else if (character === '"') word += this.#double();
      else if (this.#text.startsWith("$'", this.#at)) word += this.#ansi();
      else if (character === '\\') word += this.#escaped();
      else word += this.#plain(character);
    }
  }

  #plain(character: string): string {
    const next = this.#text[this.#at + 1] ?? '';
    // "$" with a translated text behind it: the shell takes the "$" away.
    if (character === '$' && next === '"') {
      this.#at += 1;
      return '';
    }
    if (character === '`' || (character === '$' && /[\w{(]/.test(next))) this.#expands = true;
    this.#at += 1;
    return character;
  }

  #escaped(): string {
    const next = this.#text[this.#at + 1] ?? '';
    this.#at += 2;
    return next === '\n' ? '' : next;
  }

  #single(): string {
    const start = this.#at + 1;
    const end = this.#text.indexOf("'", start);
    if (end < 0) throw unclosed(this.#at);
    this.#at = end + 1;
    return this.#text.slice(start, end);
  }

  #double(): string {
    const begun = this.#at;
    this.#at += 1;
    let text = '';
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) throw unclosed(begun);
      if (character === '"') {
        this.#at += 1;
        return text;
      }
      if (character === '\\' && '$`"\\\n'.includes(this.#text[this.#at + 1] ?? '?')) text += this.#escaped();
      else text += this.#inDouble(character);
    }
  }

  #inDouble(character: string): string {
    if (character === '`' || (character === '$' && /[\w{(]/.test(this.#text[this.#at + 1] ?? ''))) this.#expands = true;
    this.#at += 1;
    return character;
  }

  /** `$'…'`: with the escapes of C. */
  #ansi(): string {
    const begun = this.#at;
    this.#at += 2;
    let text = '';
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) throw unclosed(begun);
      this.#at += 1;
      if (character === "'") return text;
      text += character === '\\' ? this.#ansiEscape() : character;
    }
  }

  #ansiEscape(): string {
    const rest = this.#text.slice(this.#at, this.#at + 10);
    const coded = /^(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3}))/.exec(rest);
    if (coded) {
      this.#at += coded[0].length;
      const [, hex, short, long, octal] = coded;
      const code = octal === undefined ? Number.parseInt(hex ?? short ?? long ?? '', 16) : Number.parseInt(octal, 8);
      return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
    }
    this.#at += 1;
    const letter = rest[0] ?? '';
    return ANSI_ESCAPES[letter] ?? `\\${letter}`;
  }
}

const ANSI_ESCAPES: { readonly [letter: string]: string } = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
};

function unclosed(at: number): ContentError {
  return new ContentError('A quote is not closed', at);
}
