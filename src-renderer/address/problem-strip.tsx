// Why a session failed, under its address, until it is tried again or put away.
import { RotateCw, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { Problem } from '../../src-main/core/event.ts';
import { runCommand } from '../shell/commands.ts';
import { isRunning, useSessions } from '../stores/sessions.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import './problem-strip.css';

export function ProblemStrip({ session }: { session: SessionState }) {
  const { id, phase } = session;
  const edit = useSessions((state) => state.editProblems[id]);
  const start = useSessions((state) => state.startProblems[id]);
  const [dismissed, setDismissed] = useState<string>();
  const atRest = !isRunning(session);
  const failed = atRest ? ((phase === 'failed' ? session.problem : undefined) ?? start) : undefined;
  const problem: Problem | undefined = edit ?? failed;
  const what = problem?.what;
  // The next failure shows, even one with the same words as the one that was put away.
  useEffect(() => {
    if (!what) setDismissed(undefined);
  }, [what]);
  if (!problem || dismissed === what) return null;
  return (
    <div className="problem-strip">
      <ProblemView problem={problem}>
        {!edit && session.config.role !== 'capture' && (
          <Button variant="ghost" icon={RotateCw} onClick={() => runCommand('session.start')}>
            Try again
          </Button>
        )}
      </ProblemView>
      <IconButton label="Dismiss" icon={X} onClick={() => setDismissed(what)} />
    </div>
  );
}
