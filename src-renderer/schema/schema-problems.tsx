// What is wrong with the sources of message types, each with its place in the file, which can be looked at.
import { CircleAlert, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { SchemaProblem } from '../../src-main/core/schema.ts';
import { CopyButton } from '../ui/problem-view.tsx';
import { ProtoSource } from './proto-source.tsx';
import './schema-problems.css';

/** `chat.proto:12:7` */
function placeText({ source, line, column }: SchemaProblem): string {
  return [source, line, column].filter((part) => part !== undefined).join(':');
}

export interface SchemaProblemsProps {
  session: string;
  problems: readonly SchemaProblem[];
}

export function SchemaProblems({ session, problems }: SchemaProblemsProps) {
  const [shown, setShown] = useState<SchemaProblem>();
  const lines = [...new Map(problems.map((problem) => [`${placeText(problem)}: ${problem.text}`, problem]))];
  return (
    <>
      {lines.length > 0 && (
        <div className="schema-problems" role="alert">
          <ul>
            {lines.map(([line, problem]) => (
              <ProblemLine key={line} problem={problem} onShow={() => setShown(problem)} />
            ))}
          </ul>
          <CopyButton text={lines.map(([line]) => line).join('\n')} label="Copy" />
        </div>
      )}
      {/* Stays when the last problem is gone: somebody is reading. */}
      {shown && (
        <ProtoSource
          session={session}
          file={shown.source}
          problems={lines.map(([, problem]) => problem).filter(({ source }) => source === shown.source)}
          at={shown}
          onClose={() => setShown(undefined)}
        />
      )}
    </>
  );
}

function ProblemLine({ problem, onShow }: { problem: SchemaProblem; onShow(): void }) {
  const Icon = problem.severity === 'error' ? CircleAlert : TriangleAlert;
  const place = placeText(problem);
  return (
    <li className={`schema-problem-${problem.severity}`}>
      <Icon size={13} strokeWidth={2} aria-label={problem.severity} />
      <span className="selectable">
        {problem.text}{' '}
        {problem.source.endsWith('.proto') ? (
          <button type="button" className="schema-problem-place data" title="Show it in the file" onClick={onShow}>
            {place}
          </button>
        ) : (
          <span className="schema-problem-place data">{place}</span>
        )}
      </span>
    </li>
  );
}
