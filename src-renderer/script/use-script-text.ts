// The script as YAML: what is typed becomes the script as soon as it says one; until then it stays as it is typed, with
// what is wrong with it.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Step } from '../../src-main/core/session-config.ts';
import { bridge } from '../bridge/bridge.ts';
import { attempt } from '../stores/problem.ts';
import { sameData } from '../stores/same-data.ts';
import { editScript } from './script-actions.ts';
import { registerReader, setUnfinishedText, unfinishedText } from './script-text.ts';

/** What is typed is read after so long, however fast more follows. */
const READ_AFTER_MS = 250;

export interface TextFault {
  text: string;
  /** Counted from 1. */
  line?: number;
}

export function useScriptText(id: string, script: readonly Step[]) {
  const [text, setText] = useState<string>();
  const [fault, setFault] = useState<TextFault>();
  /** The script that the text says, or was typed over. */
  const said = useRef<readonly Step[]>(undefined);
  const typed = useRef<string>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const read = useCallback(async () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const reading = typed.current;
    if (reading === undefined) return;
    const answer =
      reading.trim() === ''
        ? { ok: true as const, script: [] }
        : await attempt(() => bridge.call('script.parse', { text: reading }));
    if (!answer) return;
    const isAll = typed.current === reading;
    if (!answer.ok) {
      setUnfinishedText(id, { text: reading, script: said.current ?? [] });
      if (isAll) setFault({ text: answer.error, ...(answer.line === undefined ? {} : { line: answer.line }) });
      return;
    }
    setUnfinishedText(id, undefined);
    // What was typed on meanwhile is read in its turn.
    if (isAll) {
      typed.current = undefined;
      setFault(undefined);
    }
    if (sameData(said.current, answer.script)) return;
    said.current = answer.script;
    editScript(id, () => answer.script);
  }, [id]);

  // The script was changed elsewhere, or is shown for the first time.
  useEffect(() => {
    if (said.current && sameData(said.current, script)) return;
    const isFirst = said.current === undefined;
    said.current = script;
    const kept = unfinishedText(id);
    if (isFirst && kept && sameData(kept.script, script)) {
      typed.current = kept.text;
      setText(kept.text);
      void read();
      return;
    }
    typed.current = undefined;
    setFault(undefined);
    if (script.length === 0) {
      setText('');
      return;
    }
    void attempt(() => bridge.call('script.format', { script: [...script] })).then((answer) => {
      if (answer && said.current === script && typed.current === undefined) setText(answer.text);
    });
  }, [id, script, read]);

  // Leaving does not wait for the pause.
  useEffect(() => {
    const undo = registerReader(id, read);
    return () => {
      undo();
      void read();
    };
  }, [id, read]);

  const edit = useCallback(
    (next: string) => {
      setText(next);
      typed.current = next;
      timer.current ??= setTimeout(() => void read(), READ_AFTER_MS);
    },
    [read],
  );

  return { text, fault, edit };
}
