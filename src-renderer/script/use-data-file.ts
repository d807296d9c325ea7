// What the data file of a session's script holds, asked for when it is named, and when a script has run.
import { useEffect, useState } from 'react';
import type { Output } from '../../src-main/bridge/contract.ts';
import { bridge } from '../bridge/bridge.ts';

export type DataFile = Output['script.data'];

/** A path is typed letter by letter. */
const TYPING_PAUSE_MS = 250;

/** undefined while it is not known. `isShown`: whether anybody looks. */
export function useDataFile(session: string, file: string | undefined, isShown: boolean): DataFile | undefined {
  const [found, setFound] = useState<{ file: string; data: DataFile }>();
  useEffect(() => {
    if (file === undefined || !isShown) return;
    let isWanted = true;
    const timer = setTimeout(() => {
      bridge.call('script.data', { session, file }).then(
        (data) => isWanted && setFound({ file, data }),
        () => undefined,
      );
    }, TYPING_PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [session, file, isShown]);
  return found && found.file === file ? found.data : undefined;
}
