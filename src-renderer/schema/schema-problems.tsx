// What is wrong with the sources of message types, each with its place in the file.
import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { SchemaProblem } from '../../src-main/core/schema.ts';
import { CopyButton } from '../ui/problem-view.tsx';
import './schema-problems.css';

/** `chat.proto:12:7` */
function placeText({ source, line, column }: SchemaProblem): string {
  return [source, line, column].filter((part) => part !== undefined).join(':');
}

export function SchemaProblems({ problems }: { problems: readonly SchemaProblem[] }) {
  if (problems.length === 0) return null;
  const lines = [...new Map(problems.map((problem) => [`${placeText(problem)}: ${problem.text}`, problem]))];
  return (
    <div className="schema-problems" role="alert">
      <ul>
        {lines.map(([line, problem]) => {
          const Icon = problem.severity === 'error' ? CircleAlert : TriangleAlert;
          return (
            <li key={line} className={`schema-problem-${problem.severity}`}>
              <Icon size={13} strokeWidth={2} aria-label={problem.severity} />
              <span className="selectable">
                {problem.text} <span className="data schema-problem-place">{placeText(problem)}</span>
              </span>
            </li>
          );
        })}
      </ul>
      <CopyButton text={lines.map(([line]) => line).join('\n')} label="Copy" />
    </div>
  );
}
