// Said across the window when the engine is gone: what is safe, and the one next action.
import { CircleAlert, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { desktop } from '../bridge/host.ts';
import { useSessions } from '../stores/sessions.ts';
import { Button } from '../ui/button.tsx';
import { restartEngine } from './actions.ts';
import './engine-banner.css';

export function EngineBanner() {
  const gone = useSessions((state) => state.engine === 'gone');
  const [restarting, setRestarting] = useState(false);
  if (!gone) return null;
  const restart = async () => {
    setRestarting(true);
    await restartEngine();
    setRestarting(false);
  };
  return (
    <div className="engine-banner" role="alert">
      <CircleAlert size={15} strokeWidth={1.75} aria-hidden />
      <p>
        <strong>The engine stopped.</strong> Connections are cut. Captures are on disk, intact up to its last moment.
      </p>
      <Button icon={RotateCw} disabled={restarting} onClick={restart}>
        {restarting ? 'Restarting' : desktop ? 'Restart' : 'Reconnect'}
      </Button>
    </div>
  );
}
