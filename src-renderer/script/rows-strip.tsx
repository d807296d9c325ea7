// How a script went for the rows of its data file: how far it is, and the rows for which it failed, with their captures.
import { ChevronRight, CircleX, FolderOpen } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { RowFailure, ScriptState, SessionState } from '../../src-main/bridge/contract.ts';
import { bridge } from '../bridge/bridge.ts';
import { openRunById } from '../history/history-actions.ts';
import { IconButton } from '../ui/button.tsx';
import { formatCount, formatPlural } from '../ui/format.ts';
import './rows-strip.css';

/** More are told as a number. */
const MAX_LISTED = 200;

type Iteration = NonNullable<ScriptState['iteration']>;

export function RowsStrip({ session }: { session: SessionState }) {
  const iteration = session.script?.iteration;
  const [open, setOpen] = useState(true);
  if (!iteration) return null;
  const { of, passed, failed } = iteration;
  return (
    <div className="rows">
      <div className="rows-strip">
        {failed > 0 ? (
          <button type="button" className="rows-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
            <ChevronRight size={12} strokeWidth={2} aria-hidden />
            {formatPlural(failed, 'failed row')}
          </button>
        ) : (
          <span className="rows-none">No row has failed</span>
        )}
        <Progress iteration={iteration} />
        <span className="rows-count">
          {formatCount(passed + failed)} of {formatPlural(of, 'row')}
        </span>
      </div>
      {open && failed > 0 && <Failures session={session.id} failed={failed} />}
    </div>
  );
}

function Progress({ iteration: { of, passed, failed } }: { iteration: Iteration }) {
  const percent = (count: number) => `${(count / of) * 100}%`;
  return (
    <span
      className="rows-progress"
      role="progressbar"
      aria-label="Rows"
      aria-valuemin={0}
      aria-valuemax={of}
      aria-valuenow={passed + failed}
      aria-valuetext={`${passed} passed, ${failed} failed, of ${of}`}
    >
      <span className="rows-passed" style={{ width: percent(passed) }} />
      <span className="rows-failed" style={{ width: percent(failed) }} />
    </span>
  );
}

function Failures({ session, failed }: { session: string; failed: number }) {
  const failures = useFailures(session, failed);
  const more = failed - failures.length;
  return (
    <ul className="rows-list" aria-label="Failed rows">
      {failures.map((failure) => (
        <FailedRow key={failure.row} failure={failure} />
      ))}
      {failures.length > 0 && more > 0 && <li className="rows-more">and {formatPlural(more, 'more row')}</li>}
    </ul>
  );
}

function FailedRow({ failure: { row, values, text, run } }: { failure: RowFailure }) {
  return (
    <li className="rows-row">
      <CircleX size={13} strokeWidth={2} aria-hidden />
      <span className="rows-number">Row {formatCount(row)}</span>
      <span className="rows-values data" title={values}>
        {values}
      </span>
      <span className="rows-text selectable" title={text}>
        {text}
      </span>
      {run !== null && (
        <IconButton label={`Open the capture of row ${row}`} icon={FolderOpen} onClick={() => void openRunById(run)} />
      )}
    </li>
  );
}

/** The first of them, asked for again when there are more. */
function useFailures(session: string, failed: number): readonly RowFailure[] {
  const [failures, setFailures] = useState<readonly RowFailure[]>([]);
  useEffect(() => {
    let isWanted = true;
    if (failed > 0) {
      bridge.call('script.failures', { session, from: 0, count: MAX_LISTED }).then(
        (answer) => isWanted && setFailures(answer.failures),
        () => undefined,
      );
    }
    return () => {
      isWanted = false;
    };
  }, [session, failed]);
  return failures;
}
