// Which runs are compared: when each was, with whom, and how it ended. What differs is marked.
import { EqualNot } from 'lucide-react';
import type { Run, RunComparison } from '../../src-main/bridge/contract.ts';
import { ResultMark } from '../history/result-mark.tsx';
import { runName } from '../history/run-days.ts';
import { formatDateTime, formatDuration, formatPlural } from '../ui/format.ts';
import { endingText, isSameEnding } from './comparison-text.ts';

export function ComparedRuns({ comparison }: { comparison: RunComparison }) {
  const isSame = isSameEnding(comparison);
  return (
    <div className="compared-runs">
      <ComparedRun side="Left run" run={comparison.one.run} isSameEnding={isSame} />
      <ComparedRun side="Right run" run={comparison.other.run} isSameEnding={isSame} />
    </div>
  );
}

function ComparedRun({ side, run, isSameEnding: isSame }: { side: string; run: Run; isSameEnding: boolean }) {
  const lasted = run.endedAt === null ? '' : formatDuration(run.endedAt - run.startedAt);
  const facts = [run.peer, formatPlural(run.counts.messages, 'message'), lasted].filter(Boolean).join(' · ');
  return (
    <section className="compared-run" aria-label={side}>
      <ResultMark result={run.result} />
      <strong className="compared-run-name">{runName(run)}</strong>
      <time className="compared-run-time">
        <span className="compared-run-date">{formatDateTime(run.startedAt).slice(0, 11)}</span>
        {formatDateTime(run.startedAt).slice(11, 19)}
      </time>
      <span className="compared-run-facts" title={facts}>
        {facts}
      </span>
      <span className="compared-run-ending" title={endingText(run)}>
        {!isSame && <EqualNot size={12} strokeWidth={2.25} aria-label="Ended differently" />}
        <span className={`run-${run.result}`}>{endingText(run)}</span>
      </span>
    </section>
  );
}
