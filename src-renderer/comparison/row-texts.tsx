// Both sides of the chosen row in full.
import { lazy, Suspense, useEffect, useState } from 'react';
import type { ComparedRow, ComparedText, Output } from '../../src-main/bridge/contract.ts';
import type { Problem } from '../../src-main/core/event.ts';
import { bridge } from '../bridge/bridge.ts';
import type { OpenComparison } from '../stores/comparisons.ts';
import { problemOf } from '../stores/problem.ts';
import { formatBytes, formatBytesExact } from '../ui/format.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { KIND_WORDS, lagTitle, rowNumbers } from './comparison-text.ts';

const TextDifference = lazy(() => import('./text-difference.tsx'));

/** Who holds an arrow key down reads none of the texts on the way. */
const SETTLE_MS = 60;

type Texts = Output['history.comparedTexts'];

export interface RowTextsProps {
  pair: OpenComparison;
  /** Its place in the comparison, and what the grid knows of it. */
  at: number;
  row: ComparedRow | undefined;
}

export function RowTexts({ pair, at, row }: RowTextsProps) {
  const [texts, setTexts] = useState<{ at: number; texts: Texts }>();
  const [problem, setProblem] = useState<Problem>();
  const { one, other } = pair;
  useEffect(() => {
    let isShown = true;
    const timer = setTimeout(() => {
      bridge.call('history.comparedTexts', { one: one.id, other: other.id, row: at }).then(
        (answer) => {
          if (!isShown) return;
          setProblem(undefined);
          setTexts({ at, texts: answer });
        },
        (error: unknown) => {
          if (isShown) setProblem(problemOf(error));
        },
      );
    }, SETTLE_MS);
    return () => {
      isShown = false;
      clearTimeout(timer);
    };
  }, [one.id, other.id, at]);

  if (problem) return <ProblemView problem={problem} />;
  const shown = texts?.texts;
  return (
    <div className="comparison-texts" aria-busy={texts?.at !== at}>
      <p className="comparison-texts-head">
        {row && (
          <>
            <span className="data">{rowNumbers(row)}</span>
            <span className={`comparison-word comparison-word-${row.kind}`}>{KIND_WORDS[row.kind]}</span>
            {row.lagMicroseconds !== undefined && <span>{lagTitle(row.lagMicroseconds)}</span>}
          </>
        )}
        <span className="comparison-texts-note">{shown && noteOf(shown, row)}</span>
      </p>
      {shown?.one && shown.other && (
        <Suspense fallback={null}>
          <TextDifference
            one={shown.one.text}
            other={shown.other.text}
            language={shown.one.view === 'json' && shown.other.view === 'json' ? 'json' : 'plaintext'}
          />
        </Suspense>
      )}
      {shown && !(shown.one && shown.other) && (
        <div className="comparison-alone">
          <TextAlone text={shown.one} side="left" />
          <TextAlone text={shown.other} side="right" />
        </div>
      )}
    </div>
  );
}

/** A side of a row that has nothing on the other. */
function TextAlone({ text, side }: { text: ComparedText | undefined; side: 'left' | 'right' }) {
  if (!text) return <p className="comparison-missing">Not in the {side} run</p>;
  return <textarea className="data" readOnly aria-label={`Text of the ${side} run`} value={text.text} />;
}

/** What the texts do not say of themselves. */
function noteOf({ one, other }: Texts, row: ComparedRow | undefined): string {
  if (row?.kind === 'same' && one?.text !== other?.text) return 'Differs in white space or the order of keys only.';
  const cut = [one, other].flatMap((text) => (text && text.shown < text.total ? [cutText(text)] : []));
  return cut.join(' ');
}

function cutText({ shown, total }: ComparedText): string {
  return `Of ${formatBytesExact(total)} the first ${formatBytes(shown)} are shown.`;
}
