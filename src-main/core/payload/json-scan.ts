// The grammar of JSON (RFC 8259) over bytes, without recursion and without making values: a visitor is told what stands
// where. One byte of memory a level of nesting, whatever the input.
import type { DecodeError } from './payload.ts';

export type JsonScalar = 'string' | 'number' | 'boolean' | 'null';

/** Told of each token in order; ranges are offsets into the bytes. */
export interface JsonVisitor {
  open(object: boolean, at: number): void;
  /** The innermost open container is complete; `end` is after its bracket. */
  close(end: number): void;
  /** A key with its quotes; its value follows. */
  key(start: number, end: number): void;
  scalar(kind: JsonScalar, start: number, end: number): void;
  /** Of a text that is cut: it is, inside a string that is a value; `start` is its opening quote. */
  cutString?(start: number, end: number): void;
  /** Asked after each token: true ends the scan. */
  readonly full: boolean;
}

export interface JsonScan {
  /** Offset after the last token the visitor was told of. */
  end: number;
  error?: DecodeError;
  /** The visitor was full or a token was longer than allowed. */
  stopped: boolean;
}

const Expect = { value: 0, valueOrClose: 1, keyOrClose: 2, key: 3, colon: 4, commaOrClose: 5, end: 6 } as const;
type Expect = (typeof Expect)[keyof typeof Expect];

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Scans one JSON text. A string of more than `maxStringBytes` is told with its first bytes only, and ends the scan. With
 * `isCut` the bytes are only the first of the text. Bytes beyond ASCII are taken as they are; whether they are UTF-8 is somebody else's question.
 */
export function scanJson(
  bytes: Uint8Array,
  visitor: JsonVisitor,
  { from = 0, maxStringBytes = Number.POSITIVE_INFINITY, isCut = false } = {},
): JsonScan {
  return new JsonScanner(bytes, visitor, from, maxStringBytes, isCut).run();
}

class JsonScanner {
  readonly #bytes: Uint8Array;
  readonly #visitor: JsonVisitor;
  readonly #maxStringBytes: number;
  readonly #isCut: boolean;
  #at: number;
  #end: number;
  #error: DecodeError | undefined;
  #stopped = false;
  /** One byte a level: 1 for an object, 0 for an array. */
  #levels = new Uint8Array(64);
  #depth = 0;

  constructor(bytes: Uint8Array, visitor: JsonVisitor, from: number, maxStringBytes: number, isCut: boolean) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = from;
    this.#visitor = visitor;
    this.#maxStringBytes = maxStringBytes;
    this.#isCut = isCut;
  }

  run(): JsonScan {
    let expect: Expect | undefined = Expect.value;
    while (expect !== undefined) {
      this.#skipSpace();
      if (this.#at === this.#bytes.length) {
        if (expect !== Expect.end) this.#fail('truncated', this.#unfinished(), this.#at);
        break;
      }
      expect = this.#step(expect);
      if (expect === undefined) break;
      this.#end = this.#at;
      this.#stopped ||= this.#visitor.full;
      if (this.#stopped) break;
    }
    const scan = { end: this.#end, stopped: this.#stopped };
    return this.#error ? { ...scan, error: this.#error } : scan;
  }

  /** Reads one token; what is expected next, or undefined after an error. */
  #step(expect: Expect): Expect | undefined {
    const byte = this.#bytes[this.#at]!;
    switch (expect) {
      case Expect.end:
        return this.#fail('trailing', 'The JSON value is complete and more text follows.', this.#at);
      case Expect.colon:
        if (byte !== COLON) return this.#fail('syntax', 'Expected “:” after the key.', this.#at);
        this.#at++;
        return Expect.value;
      case Expect.commaOrClose:
        if (byte === this.#closer()) return this.#close();
        if (byte !== COMMA) {
          return this.#fail('syntax', `Expected “,” or “${String.fromCharCode(this.#closer())}”.`, this.#at);
        }
        this.#at++;
        return this.#levels[this.#depth - 1] ? Expect.key : Expect.value;
      case Expect.keyOrClose:
        return byte === CLOSE_OBJECT ? this.#close() : this.#key(byte);
      case Expect.key:
        if (byte === CLOSE_OBJECT) return this.#fail('syntax', 'There is a comma too many before “}”.', this.#at);
        return this.#key(byte);
      case Expect.valueOrClose:
        return byte === CLOSE_ARRAY ? this.#close() : this.#value(byte);
      case Expect.value:
        if (byte === CLOSE_ARRAY && this.#depth > 0 && !this.#levels[this.#depth - 1]) {
          return this.#fail('syntax', 'There is a comma too many before “]”.', this.#at);
        }
        return this.#value(byte);
    }
  }

  #value(byte: number): Expect | undefined {
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) return this.#open(byte === OPEN_OBJECT);
    const start = this.#at;
    const kind = this.#scalar(byte);
    if (!kind) {
      if (byte === QUOTE && this.#error?.code === 'truncated') this.#cutString(start);
      return undefined;
    }
    this.#visitor.scalar(kind, start, this.#at);
    return this.#afterValue();
  }

  #scalar(byte: number): JsonScalar | undefined {
    if (byte === QUOTE) return this.#string() ? 'string' : undefined;
    if (byte === 0x2d || isDigit(byte)) return this.#number() ? 'number' : undefined;
    for (const [word, kind] of WORDS) {
      if (byte === word.charCodeAt(0)) return this.#word(word) ? kind : undefined;
    }
    return this.#fail('syntax', 'Expected a value.', this.#at);
  }

  #cutString(start: number): void {
    if (!this.#isCut || !this.#visitor.cutString) return;
    this.#end = this.#bytes.length;
    this.#visitor.cutString(start, this.#end);
  }

  #key(byte: number): Expect | undefined {
    if (byte !== QUOTE) return this.#fail('syntax', 'Expected a key in double quotes.', this.#at);
    const start = this.#at;
    if (!this.#string()) return undefined;
    this.#visitor.key(start, this.#at);
    return Expect.colon;
  }

  #open(object: boolean): Expect {
    if (this.#depth === this.#levels.length) {
      const grown = new Uint8Array(this.#levels.length * 2);
      grown.set(this.#levels);
      this.#levels = grown;
    }
    this.#levels[this.#depth++] = object ? 1 : 0;
    this.#visitor.open(object, this.#at++);
    return object ? Expect.keyOrClose : Expect.valueOrClose;
  }

  #close(): Expect {
    this.#depth--;
    this.#visitor.close(++this.#at);
    return this.#afterValue();
  }

  #closer(): number {
    return this.#levels[this.#depth - 1] ? CLOSE_OBJECT : CLOSE_ARRAY;
  }

  #afterValue(): Expect {
    return this.#depth === 0 ? Expect.end : Expect.commaOrClose;
  }

  /** From the opening quote to after the closing one. */
  #string(): boolean {
    const bytes = this.#bytes;
    const start = this.#at;
    const stop = Math.min(bytes.length, start + this.#maxStringBytes);
    for (let i = start + 1; i < stop; i++) {
      const byte = bytes[i]!;
      if (byte === QUOTE) {
        this.#at = i + 1;
        return true;
      }
      if (byte < 0x20) return !!this.#fail('syntax', 'A control character in a string must be escaped.', i);
      if (byte !== BACKSLASH) continue;
      const length = escapeLength(bytes, i);
      if (length === 0) return !!this.#fail('syntax', 'This is no escape that JSON knows.', i);
      i += length - 1;
    }
    if (stop === bytes.length) return !!this.#fail('truncated', 'The input ends inside a string.', bytes.length);
    this.#at = stop;
    this.#stopped = true;
    return true;
  }

  #number(): boolean {
    const bytes = this.#bytes;
    const first = this.#at + (bytes[this.#at] === 0x2d ? 1 : 0);
    let i = this.#digits(first);
    if (i < 0) return false;
    if (bytes[first] === 0x30 && i > first + 1) {
      return !!this.#fail('syntax', 'A number does not begin with a zero before other digits.', first);
    }
    if (bytes[i] === 0x2e) i = this.#digits(i + 1);
    if (i < 0) return false;
    if (bytes[i] === 0x65 || bytes[i] === 0x45) {
      const sign = bytes[i + 1];
      i = this.#digits(sign === 0x2b || sign === 0x2d ? i + 2 : i + 1);
      if (i < 0) return false;
    }
    this.#at = i;
    return true;
  }

  /** Offset after one or more digits, or -1 after an error. */
  #digits(from: number): number {
    let i = from;
    while (i < this.#bytes.length && isDigit(this.#bytes[i]!)) i++;
    if (i > from) return i;
    if (i >= this.#bytes.length) this.#fail('truncated', 'The input ends inside a number.', this.#bytes.length);
    else this.#fail('syntax', 'Expected a digit.', i);
    return -1;
  }

  #word(word: string): boolean {
    for (let i = 0; i < word.length; i++) {
      const at = this.#at + i;
      if (at === this.#bytes.length) return !!this.#fail('truncated', `The input ends inside “${word}”.`, at);
      if (this.#bytes[at] !== word.charCodeAt(i)) return !!this.#fail('syntax', 'Expected a value.', this.#at);
    }
    this.#at += word.length;
    return true;
  }

  #skipSpace(): void {
    const bytes = this.#bytes;
    while (this.#at < bytes.length) {
      const byte = bytes[this.#at]!;
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.#at++;
    }
  }

  #unfinished(): string {
    if (this.#depth === 0) return 'There is no value.';
    return `The input ends inside an ${this.#levels[this.#depth - 1] ? 'object' : 'array'}.`;
  }

  #fail(code: DecodeError['code'], message: string, at: number): undefined {
    this.#error = { code, message, at };
    return undefined;
  }
}

const WORDS: readonly (readonly [string, JsonScalar])[] = [
  ['true', 'boolean'],
  ['false', 'boolean'],
  ['null', 'null'],
];

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Bytes of the escape at `at`, or 0 if it is none. One cut off by the end counts as complete: the string is not. */
function escapeLength(bytes: Uint8Array, at: number): number {
  const letter = bytes[at + 1];
  if (letter === undefined) return 2;
  if (letter !== 0x75) return '"\\/bfnrt'.includes(String.fromCharCode(letter)) ? 2 : 0;
  for (let i = at + 2; i < at + 6; i++) {
    const digit = bytes[i];
    if (digit === undefined) return 6;
    if (!isDigit(digit) && !((digit | 0x20) >= 0x61 && (digit | 0x20) <= 0x66)) return 0;
  }
  return 6;
}
