// Puts the records of two captures beside each other: first what is the same in both, then, in the gaps between, what is
// the same but for its content, then what at least goes the same way. What is left is in one of the two only.
import { commonSequence } from '../../core/sequence-diff.ts';
import type { Slices } from '../session/slices.ts';
import type { MessageKeys } from './message-keys.ts';

export const ComparedKind = { same: 0, changed: 1, onlyOne: 2, onlyOther: 3 } as const;
export type ComparedKind = (typeof ComparedKind)[keyof typeof ComparedKind];

/** Rows in order. The sides are places in the keys, −1 for none. */
export interface Alignment {
  one: Int32Array;
  other: Int32Array;
  kinds: Uint8Array;
}

/** Parts of both, [from, end) of each. */
interface Gap {
  from: number;
  end: number;
  otherFrom: number;
  otherEnd: number;
}

/** What pairs are made by within what stricter keys left, in this order. */
const LOOSER = ['shape', 'kind'] as const;

/** `slices`: gives the event loop its turns. */
export async function alignMessages(one: MessageKeys, other: MessageKeys, slices: Slices): Promise<Alignment> {
  const partners = await common(one.whole, other.whole, slices);
  for (const key of LOOSER) {
    for (const { from, end, otherFrom, otherEnd } of gaps(partners, other.whole.length)) {
      const found = await common(one[key].subarray(from, end), other[key].subarray(otherFrom, otherEnd), slices);
      for (const [at, partner] of found.entries()) if (partner >= 0) partners[from + at] = otherFrom + partner;
    }
  }
  return withoutOpenEnd(rowsOf(partners, one.whole, other.whole), one.isCut, other.isCut);
}

/** Behind the last pair, what has no partner may have one in what was cut off the other side. */
function withoutOpenEnd(rows: Alignment, isOneCut: boolean, isOtherCut: boolean): Alignment {
  const { one, other, kinds } = rows;
  const isPair = (row: number) => kinds[row] === ComparedKind.same || kinds[row] === ComparedKind.changed;
  let end = kinds.length;
  while (end > 0 && !isPair(end - 1)) end -= 1;
  const isTrue = (row: number) => row < end || (kinds[row] === ComparedKind.onlyOne ? !isOtherCut : !isOneCut);
  const kept = Int32Array.from(kinds.keys()).filter(isTrue);
  if (kept.length === kinds.length) return rows;
  return {
    one: kept.map((row) => one[row]!),
    other: kept.map((row) => other[row]!),
    kinds: Uint8Array.from(kept, (row) => kinds[row]!),
  };
}

async function common(one: Int32Array, other: Int32Array, slices: Slices): Promise<Int32Array> {
  const search = commonSequence(one, other);
  for (let step = search.next(); ; step = search.next()) {
    if (step.done) return step.value;
    if (slices.due) await slices.pause();
  }
}

/** Those between pairs in which both sides have something. `otherCount`: items of the other side. */
function gaps(partners: Int32Array, otherCount: number): Gap[] {
  const found: Gap[] = [];
  let from = 0;
  let otherFrom = 0;
  for (let at = 0; at <= partners.length; at += 1) {
    const partner = at === partners.length ? otherCount : partners[at]!;
    if (partner < 0) continue;
    if (at > from && partner > otherFrom) found.push({ from, end: at, otherFrom, otherEnd: partner });
    from = at + 1;
    otherFrom = partner + 1;
  }
  return found;
}

/** What one side has alone comes before what the other has alone. */
function rowsOf(partners: Int32Array, whole: Int32Array, otherWhole: Int32Array): Alignment {
  const otherCount = otherWhole.length;
  const paired = partners.reduce((count, partner) => count + (partner < 0 ? 0 : 1), 0);
  const rows = partners.length + otherCount - paired;
  const one = new Int32Array(rows).fill(-1);
  const other = new Int32Array(rows).fill(-1);
  const kinds = new Uint8Array(rows);
  let row = 0;
  let next = 0;
  const add = (at: number, partner: number, kind: ComparedKind) => {
    one[row] = at;
    other[row] = partner;
    kinds[row] = kind;
    row += 1;
  };
  for (let at = 0; at <= partners.length; at += 1) {
    const partner = at === partners.length ? otherCount : partners[at]!;
    if (partner < 0) {
      add(at, -1, ComparedKind.onlyOne);
      continue;
    }
    for (; next < partner; next += 1) add(-1, next, ComparedKind.onlyOther);
    if (at < partners.length)
      add(at, partner, whole[at] === otherWhole[partner] ? ComparedKind.same : ComparedKind.changed);
    next = partner + 1;
  }
  return { one, other, kinds };
}
