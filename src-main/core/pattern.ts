// Regular expressions that a person wrote and that meet bytes of strangers: refuses what could backtrack without end,
// and bounds the text they look at.

/** Longest pattern, in characters. */
const MAX_PATTERN_CHARS = 1000;
/** Only the start of a longer text is looked at. */
export const MAX_MATCHED_CHARS = 32_768;

/** So many choices between alternatives that overlap are still quickly tried out. */
const HARMLESS_CHOICES = 10;

/** `message` is a sentence. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** Whether a text holds the pattern. */
export type Pattern = (text: string) => boolean;

/**
 * Compiles a JavaScript regular expression in Unicode mode if it can be, else without.
 * @throws PatternError if it is too long, not a regular expression, or repeats what is itself repeated in a way that
 * can take exponential time
 */
export function compilePattern(source: string, flags: { ignoreCase: boolean }): Pattern {
  if (source.length > MAX_PATTERN_CHARS) {
    throw new PatternError(`A pattern has at most ${MAX_PATTERN_CHARS} characters.`);
  }
  const expression = expressionOf(source, flags.ignoreCase ? 'is' : 's');
  const ambiguous = new Structure(source).ambiguousRepetition();
  if (ambiguous !== undefined) {
    throw new PatternError(`“${ambiguous}” repeats a repetition and could take forever; write it without nesting.`);
  }
  return (text) => expression.test(text.length > MAX_MATCHED_CHARS ? text.slice(0, MAX_MATCHED_CHARS) : text);
}

function expressionOf(source: string, flags: string): RegExp {
  for (const mode of ['u', '']) {
    try {
      return new RegExp(source, flags + mode);
    } catch (error) {
      if (mode === 'u') continue;
      const reason = error instanceof Error ? error.message : String(error);
      throw new PatternError(
        `This is not a regular expression: ${reason.replace(/^Invalid regular expression: /, '')}.`,
      );
    }
  }
  throw new PatternError('This is not a regular expression.');
}

/** One atom and how often it may stand there. */
interface Item {
  source: string;
  /** A group's alternatives; absent for an atom of one character. */
  group?: Item[][];
  /** Matches no character: an anchor or a word boundary. */
  empty: boolean;
  min: number;
  max: number;
}

/** As much of a pattern's structure as tells where repetitions nest. Only for patterns that RegExp accepts. */
class Structure {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** The part that could match the same text in exponentially many ways, or undefined. */
  ambiguousRepetition(): string | undefined {
    return findAmbiguous(this.#alternatives());
  }

  #alternatives(): Item[][] {
    const alternatives: Item[][] = [[]];
    while (this.#at < this.#source.length && this.#source[this.#at] !== ')') {
      if (this.#source[this.#at] === '|') {
        this.#at++;
        alternatives.push([]);
      } else {
        alternatives[alternatives.length - 1]!.push(this.#item());
      }
    }
    return alternatives;
  }

  #item(): Item {
    const start = this.#at;
    const first = this.#source[start]!;
    let group: Item[][] | undefined;
    if (first === '(') {
      this.#at += /^\((\?(:|<?[=!]|<[^>]*>))?/.exec(this.#source.slice(start))![0].length;
      group = this.#alternatives();
      this.#at++;
    } else if (first === '[') {
      this.#at += /^\[(?:\\.|[^\]\\])*\]/s.exec(this.#source.slice(start))?.[0].length ?? 1;
    } else if (first === '\\') {
      this.#at +=
        /^\\(?:[pPu]\{[^}]*\}|k<[^>]*>|u[\da-f]{4}|x[\da-f]{2}|c[a-z]|.)/is.exec(this.#source.slice(start))?.[0]
          .length ?? 1;
    } else {
      this.#at += String.fromCodePoint(this.#source.codePointAt(start)!).length;
    }
    const atom = this.#source.slice(start, this.#at);
    const [min, max] = this.#quantifier();
    const source = this.#source.slice(start, this.#at);
    const empty = /^(?:\^|\$|\\b|\\B|\(\?<?[=!].*)$/is.test(atom);
    return group ? { source, group, empty, min, max } : { source: atom, empty, min, max };
  }

  #quantifier(): [number, number] {
    const match = /^(?:([*+?])|\{(\d+)(,(\d*))?\})\??/.exec(this.#source.slice(this.#at));
    if (!match) return [1, 1];
    this.#at += match[0].length;
    const [, sign, low, comma, high] = match;
    if (sign) return [sign === '+' ? 1 : 0, sign === '?' ? 1 : Number.POSITIVE_INFINITY];
    const min = Number(low);
    if (!comma) return [min, min];
    return [min, high ? Number(high) : Number.POSITIVE_INFINITY];
  }
}

function findAmbiguous(alternatives: readonly Item[][]): string | undefined {
  for (const item of alternatives.flat()) {
    if (!item.group) continue;
    const inside = findAmbiguous(item.group);
    if (inside !== undefined) return inside;
    if (item.max > 1 && isAmbiguous(item.group, item.max)) return item.source;
  }
  return undefined;
}

/** Whether a group, repeated, can match one text in many ways. Errs on the side of yes. */
function isAmbiguous(alternatives: readonly Item[][], max: number): boolean {
  for (const [position, items] of alternatives.entries()) {
    const repeated = varyingIn(items).filter((item) => max > HARMLESS_CHOICES || item.max > 1);
    const ends = [items[0], items[items.length - 1]];
    const separated = ends.some((end) => end && isFixed(end) && repeated.every((other) => !overlap(end, other)));
    if (repeated.length > 0 && !separated) return true;
    if (max <= HARMLESS_CHOICES) continue;
    if (alternatives.slice(position + 1).some((other) => !items[0] || !other[0] || overlap(items[0], other[0])))
      return true;
  }
  return false;
}

/** Exactly one character. */
function isFixed(item: Item): boolean {
  return !item.group && !item.empty && item.min === 1 && item.max === 1;
}

/** What may be there a varying number of times, at any depth. */
function varyingIn(items: readonly Item[]): Item[] {
  return items.flatMap((item) => [
    ...(item.min !== item.max ? [item] : []),
    ...(item.group ? item.group.flatMap(varyingIn) : []),
  ]);
}

/** Whether two atoms could match the same character; groups count as matching any. */
function overlap(a: Item, b: Item): boolean {
  if (a.group || b.group || a.empty || b.empty) return true;
  const [first, second] = [oneCharacter(a.source), oneCharacter(b.source)];
  if (!first || !second) return true;
  return SAMPLE.some((character) => first.test(character) && second.test(character));
}

/** ASCII and something beyond it. */
const SAMPLE = [...Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)), '\u0416', '\u4e2d', '\u2028'];

function oneCharacter(atom: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${atom})$`, 'is');
  } catch {
    return undefined;
  }
}
