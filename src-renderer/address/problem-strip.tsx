// What is wrong with a session, under its address, until that is over, it is tried again or put away.
import { RotateCw, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { runCommand } from '../shell/commands.ts';
import { isRunning, useSessions } from '../stores/sessions.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { shownProblem } from './shown-problem.ts';
import './problem-strip.css';

export function ProblemStrip({ session }: { session: SessionState }) {
  const { id } = session;
  const edit = useSessions((state) => state.editProblems[id]);
  const start = useSessions((state) => state.startProblems[id]);
  const [dismissed, setDismissed] = useState<string>();
  const shown = shownProblem(session, isRunning(session), edit, start);
  const what = shown?.problem.what;
  // The next failure shows, even one with the same words as the one that was put away.
  useEffect(() => {
    if (!what) setDismissed(undefined);
  }, [what]);
  if (!shown || dismissed === what) return null;
  return (
    <div className="problem-strip">
      <ProblemView problem={shown.problem}>
        {shown.canRetry && (
          <Button variant="ghost" icon={RotateCw} onClick={() => runCommand('session.start')}>
            Try again
          </Button>
        )}
      </ProblemView>
      <IconButton label="Dismiss" icon={X} onClick={() => setDismissed(what)} />
    </div>
  );
}
