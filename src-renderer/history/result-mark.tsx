// How a run ended, as a shape; its word stands beside it.
import { Circle, CircleCheck, CircleDot, CircleX, type LucideIcon, TriangleAlert, Unplug } from 'lucide-react';
import type { Run } from '../../src-main/bridge/contract.ts';

const SHAPES: { readonly [R in Run['result']]: LucideIcon } = {
  running: CircleDot,
  closed: Circle,
  failed: Unplug,
  crashed: TriangleAlert,
  passed: CircleCheck,
  notPassed: CircleX,
};

export function ResultMark({ result }: { result: Run['result'] }) {
  const Shape = SHAPES[result];
  return (
    <span className={`run-mark run-${result}`} aria-hidden>
      <Shape size={13} strokeWidth={1.75} />
    </span>
  );
}
