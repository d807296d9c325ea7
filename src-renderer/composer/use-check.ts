// Size of what would be sent, or what is wrong with it, asked of the engine after a pause in typing.
import { useEffect, useMemo, useState } from 'react';
import { bridge } from '../bridge/bridge.ts';
import { problemOf } from '../stores/problem.ts';
import { type Reading, readContent } from './content.ts';
import type { Draft } from './draft-store.ts';

export type Check = { ok: true; sizeBytes: number } | { ok: false; error: string };

const PAUSE_MS = 200;

/** undefined until the first answer. `typed`: the gRPC session and the message type that it must fit. */
export function useCheck(
  { mode, text }: Pick<Draft, 'mode' | 'text'>,
  typed?: { session: string; type: string },
): Check | undefined {
  const session = typed?.session;
  const type = typed?.type;
  const reading = useMemo(() => readContent(mode, text), [mode, text]);
  const [answer, setAnswer] = useState<{ reading: Reading; check: Check }>();
  useEffect(() => {
    if (!reading.ok) return;
    let stale = false;
    const timer = setTimeout(async () => {
      const check: Check = await bridge
        .call('compose.check', { content: reading.content, ...(session && type ? { session, type } : {}) })
        .catch((error) => ({ ok: false, error: problemOf(error).what }));
      if (!stale) setAnswer({ reading, check });
    }, PAUSE_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [reading, session, type]);
  if (!reading.ok) return reading;
  // A size may be a moment old; a remark on what no longer stands there may not.
  return answer?.reading === reading || answer?.check.ok ? answer.check : undefined;
}
