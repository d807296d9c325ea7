// Why a session failed, under its address, until it is tried again or put away.
import { RotateCw, X } from 'lucide-react';
import { useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { Problem } from '../../src-main/core/event.ts';
import { runCommand } from '../shell/commands.ts';
import { useSessions } from '../stores/sessions.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import './problem-strip.css';

export function ProblemStrip({ session }: { session: SessionState }) {
  const refused = useSessions((state) => state.editProblems[session.id]);
  const [dismissed, setDismissed] = useState<string>();
  const failed = session.phase === 'failed' ? session.problem : undefined;
  const problem: Problem | undefined = refused ?? failed;
  if (!problem || dismissed === problem.what) return null;
  return (
    <div className="problem-strip">
      <ProblemView problem={problem}>
        {!refused && session.config.role !== 'capture' && (
          <Button variant="ghost" icon={RotateCw} onClick={() => runCommand('session.start')}>
            Try again
          </Button>
        )}
      </ProblemView>
      <IconButton label="Dismiss" icon={X} onClick={() => setDismissed(problem.what)} />
    </div>
  );
}
