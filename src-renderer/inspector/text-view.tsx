// Text of a payload: coloured if it is JSON, wrapped or not, searched, drawn as far as it is seen.
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { markedText } from '../timeline/marked-text.tsx';
import { useVirtualScroll, VirtualRows } from '../timeline/virtual-rows.tsx';
import { visibleText } from '../timeline/visible-text.ts';
import { IconButton } from '../ui/button.tsx';
import { formatCount } from '../ui/format.ts';
import type { TokenLine } from './json-text.ts';
import { matchingLines, type VisualLine, widestColumns, wrapLines } from './text-lines.ts';
import { visibleParts } from './visible.tsx';

const ROW_PX = 19;
/** Left of the text and for the scrollbar, in characters. */
const MARGIN_COLUMNS = 1;
/** Characters of a line that are drawn when it is not wrapped: a megabyte on one line is not laid out at once. */
const MAX_LINE_CHARS = 20_000;

export interface TextViewProps {
  label: string;
  lines: TokenLine[];
  wrap: boolean;
  finding: boolean;
  onCloseFind(): void;
}

export function TextView({ label, lines, wrap, finding, onCloseFind }: TextViewProps) {
  const ruler = useRef<HTMLSpanElement>(null);
  const [characterPx, setCharacterPx] = useState(7.2);
  const [widthPx, setWidthPx] = useState(0);
  const [find, setFind] = useState('');
  const [match, setMatch] = useState(0);
  const numberColumns = String(lines.length).length + 2;
  const columns = Math.max(10, Math.floor(widthPx / characterPx) - numberColumns - MARGIN_COLUMNS);
  const visual = useMemo(() => {
    if (!wrap) return wrapLines(lines, MAX_LINE_CHARS);
    return widthPx === 0 ? [] : wrapLines(lines, columns);
  }, [lines, wrap, widthPx, columns]);
  const widest = useMemo(() => (wrap ? 0 : widestColumns(visual)), [visual, wrap]);
  const wanted = finding ? find : '';
  const matches = useMemo(() => matchingLines(visual, wanted), [visual, wanted]);
  const scroll = useVirtualScroll({ rows: visual.length, rowHeightPx: ROW_PX });

  useLayoutEffect(() => {
    const width = ruler.current?.getBoundingClientRect().width ?? 0;
    if (width > 0) setCharacterPx(width / 10);
    setWidthPx(scroll.widthPx);
  }, [scroll.widthPx]);

  const goTo = (position: number): void => {
    if (matches.length === 0) return;
    const next = (position + matches.length) % matches.length;
    setMatch(next);
    scroll.show(matches[next]!, true);
  };
  const search = (text: string): void => {
    setFind(text);
    setMatch(0);
    const [first] = matchingLines(visual, text);
    if (first !== undefined) scroll.show(first, true);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const { first, end } = scroll.seen;
    const moves: Record<string, number> = {
      ArrowDown: end,
      ArrowUp: first - 1,
      PageDown: end + scroll.perPage - 2,
      PageUp: first - scroll.perPage + 1,
      Home: 0,
      End: visual.length - 1,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    scroll.show(Math.min(Math.max(0, to), visual.length - 1));
  };

  return (
    <div className="in-pane">
      <span ref={ruler} className="in-ruler data" aria-hidden>
        0000000000
      </span>
      {finding && (
        <search className="in-find">
          <input
            className="in-find-input data"
            type="text"
            placeholder="Find in payload"
            aria-label="Find in payload"
            spellCheck={false}
            ref={focusOnce}
            value={find}
            onChange={(event) => search(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') goTo(match + (event.shiftKey ? -1 : 1));
              else if (event.key === 'Escape') onCloseFind();
              else return;
              event.preventDefault();
              event.stopPropagation();
            }}
          />
          <span className="in-find-state" role="status">
            {find === '' ? '' : matches.length === 0 ? 'No match' : `${match + 1} of ${formatCount(matches.length)}`}
          </span>
          <IconButton label="Previous match" icon={ChevronUp} shortcut="Shift+Enter" onClick={() => goTo(match - 1)} />
          <IconButton label="Next match" icon={ChevronDown} shortcut="Enter" onClick={() => goTo(match + 1)} />
          <IconButton label="Close" icon={X} shortcut="Esc" onClick={onCloseFind} />
        </search>
      )}
      <div
        className="in-text data selectable"
        role="textbox"
        aria-readonly
        aria-multiline
        aria-label={label}
        tabIndex={0}
        data-pane-entry
        onKeyDown={onKeyDown}
      >
        <VirtualRows scroll={scroll} contentPx={wrap ? 0 : (widest + numberColumns + MARGIN_COLUMNS) * characterPx}>
          {(index) => (
            <Line
              line={visual[index]!}
              numberColumns={numberColumns}
              find={wanted}
              current={matches[match] === index && wanted !== ''}
            />
          )}
        </VirtualRows>
      </div>
    </div>
  );
}

/** The bar opens because somebody wants to type into it. */
function focusOnce(input: HTMLInputElement | null): void {
  input?.focus();
}

function Line(props: { line: VisualLine; numberColumns: number; find: string; current: boolean }) {
  const { line, numberColumns, find, current } = props;
  return (
    <div className={current ? 'in-line in-line-current' : 'in-line'}>
      <span className="in-line-number" style={{ width: `${numberColumns - 1}ch` }} aria-hidden>
        {line.number > 0 ? line.number : ''}
      </span>
      <bdi dir="ltr">{find === '' ? colouredTokens(line.tokens) : found(line.tokens, find)}</bdi>
    </div>
  );
}

function colouredTokens(tokens: TokenLine): ReactNode {
  let at = 0;
  return tokens.map((token) => {
    const key = at;
    at += token.text.length;
    return (
      <span key={key} className={`in-token-${token.kind}`}>
        {visibleParts(token.text)}
      </span>
    );
  });
}

/** A line with what was searched for marked, wherever tokens begin and end. */
function found(tokens: TokenLine, find: string): ReactNode {
  return markedText(visibleText(tokens.map((token) => token.text).join('')), find);
}
