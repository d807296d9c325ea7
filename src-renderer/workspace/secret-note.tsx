// Where secrets are kept on this machine; and where that is nowhere, the choice that is the user's to make.
import { KeyRound, ShieldAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { SecretsState } from '../../src-main/bridge/contract.ts';
import { bridge } from '../bridge/bridge.ts';
import { attempt } from '../stores/problem.ts';
import { Button } from '../ui/button.tsx';
import './secret-note.css';

export function SecretNote() {
  const [state, setState] = useState<SecretsState>();
  useEffect(() => {
    let current = true;
    bridge.call('secrets.state', {}).then(
      (answer) => {
        if (current) setState(answer);
      },
      // Without an answer there is nothing to say; setting a secret says what is wrong.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, []);
  if (!state) return null;
  const allow = async () => {
    const next = await attempt(() => bridge.call('secrets.allowFile', {}));
    if (next) setState(next);
  };
  const isLost = state.store === 'none';
  const Icon = isLost ? ShieldAlert : KeyRound;
  return (
    <div className={isLost ? 'secret-note secret-note-none' : 'secret-note'}>
      <Icon size={14} strokeWidth={1.75} aria-hidden />
      <div>
        <p>
          {isLost ? `Secrets are forgotten when Wirescope ends. ${state.why}` : state.why} They never stand in files of
          the workspace; one value counts in all its environments.
        </p>
        {isLost && <Button onClick={() => void allow()}>Keep them in a file only I can read</Button>}
      </div>
    </div>
  );
}
