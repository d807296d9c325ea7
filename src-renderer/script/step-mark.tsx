// How a step went, as a shape; its word is there for who does not see it.
import { Check, CircleDashed, CircleSlash, LoaderCircle, type LucideIcon, X } from 'lucide-react';
import type { StepResult } from './run-marks.ts';

const SHAPES: { readonly [S in StepResult['state']]: { icon: LucideIcon; word: string } } = {
  waiting: { icon: CircleDashed, word: 'waiting' },
  running: { icon: LoaderCircle, word: 'running' },
  ok: { icon: Check, word: 'passed' },
  failed: { icon: X, word: 'failed' },
  skipped: { icon: CircleSlash, word: 'skipped' },
};

export function stateWord(state: StepResult['state']): string {
  return SHAPES[state].word;
}

export function StepMark({ state }: { state: StepResult['state'] | undefined }) {
  if (!state) return <span className="step-mark" aria-hidden />;
  const { icon: Icon, word } = SHAPES[state];
  return (
    <span className={`step-mark step-${state}`} title={word}>
      <Icon size={13} strokeWidth={2} aria-hidden />
    </span>
  );
}
