// Finding text in the rows: searches as one types, goes on with Enter and F3, leaves with Esc.
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { bridge } from '../bridge/bridge.ts';
import { useCommand } from '../shell/commands.ts';
import { problemOf } from '../stores/problem.ts';
import { IconButton } from '../ui/button.tsx';
import { recordNumber } from '../ui/format.ts';
import { changeView, queryOf, selectRecord, type TimelineView, timelineView } from './timeline-store.ts';

/** Wait after the last key before a search. */
const TYPING_MS = 120;

/** To go to a record one types its number after this. */
export const RECORD_SIGN = '#';

/** Puts the caret into the field, ready to type over what was searched last. */
export function focusFind(field: HTMLInputElement): void {
  field.focus();
  if (field.value !== RECORD_SIGN) field.select();
}

/** What came of a search. The text found may be in a payload, of which the row shows nothing. */
interface Outcome {
  text: string;
  isFault?: boolean;
}

const NONE: Outcome = { text: '' };

export interface FindBarProps {
  session: SessionState;
  view: TimelineView;
  input: RefObject<HTMLInputElement | null>;
  onFound(index: number, seq: number): void;
  onClose(): void;
}

export function FindBar({ session, view, input, onFound, onClose }: FindBarProps) {
  const { id } = session;
  const { text } = view.find;
  const [state, setState] = useState<Outcome>(NONE);
  /** Only the answer to the last question counts. */
  const asked = useRef(0);
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => () => clearTimeout(typing.current), []);
  // Before the next key comes, which would go to the rows.
  useLayoutEffect(() => {
    if (input.current) focusFind(input.current);
  }, [input]);

  const search = async (wanted: string, direction: 'here' | 'next' | 'previous'): Promise<void> => {
    asked.current += 1;
    const question = asked.current;
    if (wanted === '' || wanted === RECORD_SIGN) {
      setState(NONE);
      return;
    }
    const current = timelineView(id);
    const at = current.selection.index ?? 0;
    const step = current.selection.index === undefined || direction === 'here' ? 0 : direction === 'next' ? 1 : -1;
    setState({ text: 'Searching…' });
    try {
      const number = /^#([1-9]\d{0,14})$/.exec(wanted)?.[1];
      if (number !== undefined) {
        const seq = Number(number) - 1;
        const there = await bridge.call('timeline.position', { session: id, query: queryOf(current), seq });
        if (question !== asked.current) return;
        const isFolded = there.foldedInto !== undefined;
        setState(there.exact || isFolded ? NONE : { text: `#${number} is not among these rows`, isFault: true });
        if (there.exact) onFound(there.index, seq);
        else if (isFolded) selectRecord(id, seq);
        return;
      }
      const found = await bridge.call('timeline.find', {
        session: id,
        query: queryOf(current),
        text: wanted,
        // Before the first row the search goes on at the end, which is what a huge index stands for.
        from: at + step < 0 ? Number.MAX_SAFE_INTEGER : at + step,
        backwards: direction === 'previous',
      });
      if (question !== asked.current) return;
      setState(found ? { text: `in #${recordNumber(found.seq)}` } : { text: 'No match', isFault: true });
      if (found) onFound(found.index, found.seq);
    } catch (error) {
      if (question === asked.current) setState({ text: problemOf(error).what, isFault: true });
    }
  };

  const type = (wanted: string): void => {
    changeView(id, { find: { open: true, text: wanted } });
    clearTimeout(typing.current);
    typing.current = setTimeout(() => void search(wanted, 'here'), TYPING_MS);
  };

  useCommand('timeline.findNext', () => void search(text, 'next'), text !== '');
  useCommand('timeline.findPrevious', () => void search(text, 'previous'), text !== '');

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      clearTimeout(typing.current);
      void search(text, event.shiftKey ? 'previous' : 'next');
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    }
  };

  return (
    <search className="tl-find">
      <input
        ref={input}
        className="tl-input data"
        type="text"
        value={text}
        placeholder="Find text, or #number"
        aria-label="Find in rows"
        aria-invalid={state.isFault === true}
        spellCheck={false}
        onChange={(event) => type(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span className="tl-find-state" role="status">
        {state.text}
      </span>
      <IconButton
        label="Previous match"
        icon={ChevronUp}
        shortcut="Shift+F3"
        onClick={() => search(text, 'previous')}
      />
      <IconButton label="Next match" icon={ChevronDown} shortcut="F3" onClick={() => search(text, 'next')} />
      <IconButton label="Close" icon={X} shortcut="Esc" onClick={onClose} />
    </search>
  );
}
