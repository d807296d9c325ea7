// Keeps a gRPC call in one row: which call a record is part of, and tests that let what belongs to calls through only
// where somebody has unfolded them.
import { NONE } from '../../core/record.ts';
import type { CaptureIndex } from '../index/capture-index.ts';
import type { SeqSet } from '../index/seq-set.ts';

type RecordTest = (seq: number) => boolean;

/** The row of the call that a record is part of, or NONE. */
export function callOf(index: CaptureIndex, seq: number): number {
  const { records, calls, members } = index.state;
  if (!members.has(seq)) return NONE;
  const link = records.link(seq);
  if (calls.has(link)) return link;
  // Links lead back; one that does not could not be read.
  return link < seq ? callOf(index, link) : NONE;
}

/** Of what passes `test`: what belongs to the calls with these rows, without the rows themselves. */
export function memberTest(index: CaptureIndex, unfolded: readonly number[], test: RecordTest): RecordTest {
  const { members } = index.state;
  const calls = new Set(unfolded);
  return (seq) => members.has(seq) && calls.has(callOf(index, seq)) && test(seq);
}

/** Of what passes `test`: a call's row stands for all that belongs to it. `matching`: the set that the records go to. */
export function foldingTest(
  index: CaptureIndex,
  unfolded: readonly number[],
  test: RecordTest,
  matching: SeqSet,
): RecordTest {
  const calls = new Set(unfolded);
  return (seq) => {
    if (!test(seq)) return false;
    const call = callOf(index, seq);
    if (call === NONE) return true;
    matching.insert(call);
    return calls.has(call);
  };
}
