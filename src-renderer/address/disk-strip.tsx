// Said over a session whose file and which itself went apart: what differs, and whose version is to count.
import { FileWarning } from 'lucide-react';
import { useState } from 'react';
import type { DiskState, SessionState } from '../../src-main/bridge/contract.ts';
import { bridge } from '../bridge/bridge.ts';
import { attempt } from '../stores/problem.ts';
import { saveEdits } from '../stores/session-actions.ts';
import { Button } from '../ui/button.tsx';
import { conflictText, diskFile } from './disk-conflict.ts';
import './disk-strip.css';

/** What each way out does, by what happened to the file. */
const ORDERS: { readonly [S in DiskState['state']]: { mine?: string; theirs?: string } } = {
  changed: { mine: 'Keep mine', theirs: 'Take theirs' },
  removed: { mine: 'Save again', theirs: 'Close' },
  // There is nothing to take from a file that is no session.
  broken: { mine: 'Overwrite it' },
  newer: {},
};

export function DiskStrip({ session }: { session: SessionState }) {
  const { disk, id } = session;
  const [resolving, setResolving] = useState(false);
  if (!disk) return null;
  const file = diskFile(session);
  const { mine, theirs } = ORDERS[disk.state];
  const resolve = async (take: 'mine' | 'theirs') => {
    setResolving(true);
    // What is still being typed is part of mine, and must not come after theirs.
    await saveEdits(id);
    await attempt(() => bridge.call('sessions.resolveDisk', { session: id, take }));
    setResolving(false);
  };
  return (
    <div className="disk-strip" role="alert">
      <FileWarning size={15} strokeWidth={1.75} aria-hidden />
      <div className="disk-strip-text">
        {disk.state === 'changed' && (
          <>
            <p>
              <strong className="data">{file}</strong> was changed on disk, and here too.
            </p>
            {disk.conflicts.length > 0 && (
              <p className="disk-strip-places" title={disk.conflicts.join('\n')}>
                Both changed <span className="data">{conflictText(disk.conflicts)}</span>
              </p>
            )}
          </>
        )}
        {disk.state === 'removed' && (
          <p>
            <strong className="data">{file}</strong> was removed on disk. What it said is still here.
          </p>
        )}
        {(disk.state === 'broken' || disk.state === 'newer') && (
          <>
            <p>
              <strong className="data">{file}</strong>{' '}
              {disk.state === 'broken'
                ? 'cannot be read as a session any more.'
                : 'was saved by a newer Wirescope, and is left alone. What it said before is still here.'}
            </p>
            {disk.problem && <p className="disk-strip-places selectable">{disk.problem}</p>}
          </>
        )}
      </div>
      {theirs && (
        <Button disabled={resolving} onClick={() => void resolve('theirs')}>
          {theirs}
        </Button>
      )}
      {mine && (
        <Button disabled={resolving} onClick={() => void resolve('mine')}>
          {mine}
        </Button>
      )}
    </div>
  );
}
