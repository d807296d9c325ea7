// The Huffman code of HPACK strings (RFC 7541 §5.2, Appendix B), read four bits at a time: no code is shorter than five, so
// each step ends at most one character.
import { latin1 } from '../bytes.ts';

/** Bits of the code of each byte and, last, of EOS, in base 36. The code is canonical: the lengths say everything. */
const CODE_LENGTHS =
  'dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6ca' +
  'd67777777777777777777777878djde6f56565666577666567655677777fbeds' +
  'kmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnnllmlnmnnkmmmnmmn' +
  'qqkjmnmpqqqrrqopjlqrrqrollqqsrrrkoklmllnmmppooqnqrqqrrrrrsrrrrrq' +
  'u';

const EOS = 256;
/** A step: bits 0–7 the next state, then these. */
const EMITS = 1 << 8;
const FAILS = 1 << 9;
const SYMBOL_SHIFT = 10;

interface Automaton {
  /** Step by `state << 4 | four bits`. */
  steps: Uint32Array;
  /** Whether a string may end in a state: fewer than eight bits since the last character, all of them ones. */
  mayEnd: Uint8Array;
}

const { steps, mayEnd } = buildAutomaton();

/** The states are the inner nodes of the code's tree; the root is 0. */
function buildAutomaton(): Automaton {
  const children = buildTree();
  const automaton = { steps: new Uint32Array(children.length << 4), mayEnd: new Uint8Array(children.length) };
  for (let state = 0; state < children.length; state++) {
    for (let bits = 0; bits < 16; bits++) automaton.steps[(state << 4) | bits] = stepOf(children, state, bits);
  }
  for (let depth = 0, state = 0; depth < 8; depth++) {
    automaton.mayEnd[state] = 1;
    state = children[state]![1];
  }
  return automaton;
}

/** Children of each inner node: another one's number, or −1−symbol. */
function buildTree(): [number, number][] {
  const symbols = Array.from(CODE_LENGTHS, (digit, symbol) => ({ symbol, length: Number.parseInt(digit, 36) }));
  symbols.sort((a, b) => a.length - b.length || a.symbol - b.symbol);
  const children: [number, number][] = [[0, 0]];
  let code = 0;
  let length = 0;
  for (const each of symbols) {
    code <<= each.length - length;
    length = each.length;
    let node = 0;
    for (let bit = length - 1; bit > 0; bit--) {
      const side = (code >> bit) & 1;
      if (children[node]![side] === 0) children[node]![side] = children.push([0, 0]) - 1;
      node = children[node]![side]!;
    }
    children[node]![code & 1] = -1 - each.symbol;
    code++;
  }
  return children;
}

function stepOf(children: readonly [number, number][], from: number, bits: number): number {
  let state = from;
  let emitted = 0;
  for (let bit = 3; bit >= 0; bit--) {
    const next = children[state]![(bits >> bit) & 1]!;
    if (next >= 0) {
      state = next;
      continue;
    }
    const symbol = -1 - next;
    if (symbol === EOS) return FAILS;
    emitted = EMITS | (symbol << SYMBOL_SHIFT);
    state = 0;
  }
  return emitted | state;
}

/** A decoded string, one character for each byte; what came before the fault if it is not `valid`. */
export interface HuffmanText {
  text: string;
  /** false: EOS in it, or padding that is too long or not all ones (RFC 7541 §5.2). */
  valid: boolean;
}

/** Characters decoded at a time. */
const scratch = new Uint8Array(1024);

/** Decodes the Huffman string `from`…`to` of `bytes`. */
export function decodeHuffman(bytes: Uint8Array, from: number, to: number): HuffmanText {
  let text = '';
  let have = 0;
  let state = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    const high = steps[(state << 4) | (byte >> 4)]!;
    const low = steps[((high & 0xff) << 4) | (byte & 15)]!;
    if (have > scratch.length - 2) {
      text += latin1(scratch, 0, have);
      have = 0;
    }
    if ((high & EMITS) !== 0) scratch[have++] = high >> SYMBOL_SHIFT;
    if (((high | low) & FAILS) !== 0) return { text: text + latin1(scratch, 0, have), valid: false };
    if ((low & EMITS) !== 0) scratch[have++] = low >> SYMBOL_SHIFT;
    state = low & 0xff;
  }
  return { text: text + latin1(scratch, 0, have), valid: mayEnd[state] === 1 };
}
