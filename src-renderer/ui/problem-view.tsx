// An error a person can act on: what happened, why, what to try, and the details for whoever helps them.
import { Check, CircleAlert, Copy } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Problem } from '../../src-main/core/event.ts';
import { Button } from './button.tsx';
import './problem-view.css';

/** Everything known about a problem, as text to paste. */
function problemText(problem: Problem): string {
  const { what, why, next, code, details } = problem;
  return [what, why, next, code && `Code: ${code}`, details].filter(Boolean).join('\n');
}

export function ProblemView({ problem, children }: { problem: Problem; children?: ReactNode }) {
  return (
    <div className="problem" role="alert">
      <CircleAlert size={16} strokeWidth={1.75} aria-hidden />
      <div className="problem-body">
        <p className="problem-what">
          {problem.what} {problem.code && <code className="data problem-code">{problem.code}</code>}
        </p>
        {(problem.why || problem.next) && (
          <p className="problem-advice">
            {problem.why && <span>{problem.why}</span>} {problem.next && <span>{problem.next}</span>}
          </p>
        )}
        <div className="problem-actions">
          {children}
          <CopyButton text={problemText(problem)} label="Copy details" />
        </div>
      </div>
    </div>
  );
}

/** Copies `text` and says so for a moment. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <Button variant="ghost" icon={copied ? Check : Copy} onClick={copy}>
      {copied ? 'Copied' : label}
    </Button>
  );
}
