// Tests that keep a gRPC call in one row: what belongs to it is shown only where somebody has unfolded it.
import { GRPC_ID } from '../core/dissect/grpc-format.ts';
import { NONE } from '../core/record.ts';
import type { CaptureIndex } from './capture-index.ts';
import type { SeqSet } from './seq-set.ts';

type RecordTest = (seq: number) => boolean;

/** Lets through what belongs to the calls with these rows, without the rows themselves. */
export function memberTest(index: CaptureIndex, unfolded: readonly number[]): RecordTest {
  const calls = new Set(unfolded);
  return (seq) => {
    const call = callOf(index, seq);
    return call !== NONE && calls.has(call);
  };
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

/** The row of the call that a record belongs to, or NONE. */
function callOf({ state: { records, calls } }: CaptureIndex, seq: number): number {
  return records.protocol(seq) === GRPC_ID ? calls.callOf(records.read(seq)) : NONE;
}
