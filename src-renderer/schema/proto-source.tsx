// A .proto file with what is wrong in it, to read; as it is on disk, also when it is saved meanwhile.
import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { Problem } from '../../src-main/core/event.ts';
import type { SchemaProblem } from '../../src-main/core/schema.ts';
import { bridge } from '../bridge/bridge.ts';
import { problemOf } from '../stores/problem.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { useSchema } from './schema-store.ts';
import './proto-source.css';

const ProtoViewer = lazy(() => import('./proto-viewer.tsx'));

export interface ProtoSourceProps {
  session: string;
  /** As problems name it. */
  file: string;
  /** Those of this file, as they are now. */
  problems: readonly SchemaProblem[];
  /** What is shown first. */
  at: SchemaProblem;
  onClose(): void;
}

export function ProtoSource({ session, file, problems, at, onClose }: ProtoSourceProps) {
  const { text, problem } = useProtoText(session, file);
  return (
    <Dialog title={file} open onClose={onClose} className="proto-source">
      {problem && <ProblemView problem={problem} />}
      {text !== undefined && (
        <div className="proto-source-text">
          <Suspense fallback={<pre className="proto-source-waiting data">{text}</pre>}>
            <ProtoViewer label={file} text={text} problems={problems} at={at} />
          </Suspense>
        </div>
      )}
      <ul className="proto-source-problems" aria-label="Problems of the file">
        {problems.map((each) => (
          <li key={`${each.line}:${each.column}:${each.text}`} className={`schema-problem-${each.severity}`}>
            {each.severity === 'error' ? (
              <CircleAlert size={13} aria-label="error" />
            ) : (
              <TriangleAlert size={13} aria-label="warning" />
            )}
            <span className="selectable">
              {each.line !== undefined && (
                <span className="data">{[each.line, each.column].filter(Boolean).join(':')} </span>
              )}
              {each.text}
            </span>
          </li>
        ))}
        {problems.length === 0 && (
          <li className="proto-source-fine">
            <CircleCheck size={13} aria-hidden /> Nothing is wrong with it any more.
          </li>
        )}
      </ul>
    </Dialog>
  );
}

/** Read again whenever the session's types were. What was read stays shown if that fails. */
function useProtoText(session: string, file: string): { text?: string; problem?: Problem } {
  const revision = useSchema(session)?.state?.revision;
  const [read, setRead] = useState<{ text?: string; problem?: Problem }>({});
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision is why it is read again.
  useEffect(() => {
    let stale = false;
    bridge.call('schema.source', { session, file }).then(
      ({ text }) => !stale && setRead({ text }),
      (error) => !stale && setRead((old) => ({ ...old, problem: problemOf(error) })),
    );
    return () => {
      stale = true;
    };
  }, [session, file, revision]);
  return read;
}
