// The bytes of one source: a dump that is drawn as far as it is seen, selected by mouse and keyboard, copied in the
// usual notations, with what the selection is as a number below.
import { Copy } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { isMac } from '../bridge/host.ts';
import { shownShortcut } from '../shell/shortcuts.ts';
import { useVirtualScroll, VirtualRows } from '../timeline/virtual-rows.tsx';
import { formatBytesExact } from '../ui/format.ts';
import { ContextMenu, Menu, type MenuEntry } from '../ui/menu.tsx';
import { bytesAs, COPY_FORMATS, COPY_LABELS, type CopyFormat } from './byte-copy.ts';
import { readings } from './byte-readout.ts';
import type { ByteSource } from './byte-source.ts';
import { type ByteRange, bytesPerRow, contains, hexRows, moveCaret, offsetDigits, rangeBetween } from './hex-layout.ts';
import { HexRow } from './hex-row.tsx';
import './hex-view.css';
import { useInspectorStore } from './inspector-store.ts';
import { useSourceVersion } from './use-record.ts';

const ROW_PX = 20;
/** Bytes one copy may take through the clipboard as text. */
const MAX_COPY_BYTES = 4 * 1024 * 1024;
/** JetBrains Mono at 12 px, until it is measured. */
const USUAL_CHARACTER_PX = 7.2;

export interface HexViewProps {
  label: string;
  source: ByteSource;
  selection: ByteRange | undefined;
  hover: ByteRange | undefined;
  onSelect(range: ByteRange | undefined): void;
}

export function HexView({ label, source, selection, hover, onSelect }: HexViewProps) {
  const version = useSourceVersion(source);
  const grid = useRef<HTMLDivElement>(null);
  const ruler = useRef<HTMLSpanElement>(null);
  const [characterPx, setCharacterPx] = useState(USUAL_CHARACTER_PX);
  const [widthPx, setWidthPx] = useState(0);
  const digits = offsetDigits(source.sizeBytes);
  const perRow = widthPx === 0 ? 16 : bytesPerRow(widthPx, characterPx, digits);
  const scroll = useVirtualScroll({ rows: hexRows(source.sizeBytes, perRow), rowHeightPx: ROW_PX });
  const { show } = scroll;
  /** Where a selection by keyboard or mouse began, and where it is now. */
  const anchor = useRef(0);
  const caret = useRef(0);
  const dragging = useRef(false);

  useLayoutEffect(() => {
    const measure = (): void => {
      const width = ruler.current?.getBoundingClientRect().width ?? 0;
      if (width > 0) setCharacterPx(width / 10);
      setWidthPx(scroll.widthPx - 12);
    };
    measure();
    document.fonts.addEventListener('loadingdone', measure);
    return () => document.fonts.removeEventListener('loadingdone', measure);
  }, [scroll.widthPx]);

  const { first, end } = scroll.drawn;
  useEffect(() => source.want(first * perRow, (end - first) * perRow), [source, first, end, perRow]);

  // A range selected elsewhere (a field) is shown; one made here is seen already, so this moves nothing.
  const start = selection?.start;
  useEffect(() => {
    if (start === undefined || dragging.current) return;
    show(Math.floor((contains(selection, caret.current) ? caret.current : start) / perRow), true);
    if (!contains(selection, caret.current)) {
      anchor.current = start;
      caret.current = start;
    }
  }, [start, selection, perRow, show]);

  const select = (to: number, extend: boolean): void => {
    caret.current = to;
    if (!extend) anchor.current = to;
    onSelect(rangeBetween(anchor.current, to));
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const modified = event.ctrlKey || event.metaKey;
    if (modified && event.key.toLowerCase() === 'a') {
      anchor.current = 0;
      caret.current = 0;
      onSelect({ start: 0, length: source.sizeBytes });
    } else if (modified && event.key.toLowerCase() === 'c') {
      void copy('hex');
    } else {
      const layout = { sizeBytes: source.sizeBytes, perRow, rowsPerPage: scroll.perPage, wholeSource: modified };
      const to = moveCaret(caret.current, event.key, layout);
      if (to === undefined || source.sizeBytes === 0) return;
      select(selection ? to : caret.current, event.shiftKey);
      show(Math.floor(caret.current / perRow));
    }
    event.preventDefault();
  };

  const onMouseDown = (event: MouseEvent): void => {
    event.preventDefault();
    grid.current?.focus();
    const offset = offsetAt(event);
    if (offset === undefined) return;
    if (event.button === 2 && contains(selection, offset)) return;
    dragging.current = event.button === 0;
    select(offset, event.shiftKey);
  };
  const onMouseMove = (event: MouseEvent): void => {
    if (!dragging.current || (event.buttons & 1) === 0) return;
    const offset = offsetAt(event);
    if (offset !== undefined && offset !== caret.current) select(offset, true);
  };
  const onMouseUp = (): void => {
    dragging.current = false;
  };

  const copy = async (format: CopyFormat): Promise<void> => {
    const range = selection ?? { start: 0, length: source.sizeBytes };
    const bytes = await source.range(range.start, range.length, MAX_COPY_BYTES);
    await navigator.clipboard.writeText(bytesAs(format, bytes, range.start));
  };
  const what = selection ? 'selection' : 'all';
  const entries: MenuEntry[] = COPY_FORMATS.map((format) => ({
    text: `Copy ${what} as ${COPY_LABELS[format]}`,
    shortcut: format === 'hex' ? shownShortcut('Mod+C', isMac) : undefined,
    run: () => void copy(format),
  }));

  return (
    <div className="in-hex">
      <span ref={ruler} className="in-ruler data" aria-hidden>
        0000000000
      </span>
      <ContextMenu entries={entries}>
        <div
          ref={grid}
          className="in-hex-grid"
          role="grid"
          aria-label={label}
          aria-rowcount={hexRows(source.sizeBytes, perRow)}
          tabIndex={0}
          data-pane-entry
          onKeyDown={onKeyDown}
          onMouseDown={onMouseDown}
          onMouseMove={onMouseMove}
          onMouseUp={onMouseUp}
        >
          <VirtualRows scroll={scroll}>
            {(row) => {
              const selected = within(selection, row * perRow, perRow);
              const hovered = within(hover, row * perRow, perRow);
              return (
                <HexRow
                  source={source}
                  version={version}
                  row={row}
                  perRow={perRow}
                  digits={digits}
                  selectedFrom={selected.from}
                  selectedTo={selected.to}
                  hoveredFrom={hovered.from}
                  hoveredTo={hovered.to}
                />
              );
            }}
          </VirtualRows>
        </div>
      </ContextMenu>
      <Readout source={source} selection={selection} entries={entries} />
    </div>
  );
}

/** The line below: how much is selected, what it is as a number, copying. */
function Readout(props: { source: ByteSource; selection: ByteRange | undefined; entries: MenuEntry[] }) {
  const { source, selection, entries } = props;
  const littleEndian = useInspectorStore((state) => state.littleEndian);
  const change = useInspectorStore((state) => state.change);
  const bytes = selection && selection.length <= 8 ? selectedBytes(source, selection) : undefined;
  return (
    <div className="in-readout">
      <span className="in-readout-values data" aria-live="polite">
        {selection
          ? `${rangeText(selection)}  ${formatBytesExact(selection.length)}`
          : formatBytesExact(source.sizeBytes)}
        {bytes &&
          readings(bytes, littleEndian).map(({ type, value }) => (
            <span key={type} className="in-reading selectable">
              <span className="in-reading-type">{type}</span> {value}
            </span>
          ))}
      </span>
      <button
        type="button"
        className="in-small-button"
        title={littleEndian ? 'Little-endian: lowest byte first' : 'Big-endian: highest byte first'}
        onClick={() => change({ littleEndian: !littleEndian })}
      >
        {littleEndian ? 'LE' : 'BE'}
      </button>
      <Menu entries={entries} align="end">
        <button type="button" className="in-small-button" aria-label="Copy bytes" title="Copy bytes">
          <Copy size={12} strokeWidth={1.75} aria-hidden />
        </button>
      </Menu>
    </div>
  );
}

function rangeText({ start, length }: ByteRange): string {
  return length === 1 ? `0x${start.toString(16)}` : `0x${start.toString(16)}–${(start + length - 1).toString(16)}`;
}

/** The selected bytes, if all are here. */
function selectedBytes(source: ByteSource, { start, length }: ByteRange): Uint8Array | undefined {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) {
    const value = source.at(start + at);
    if (value === undefined) return undefined;
    bytes[at] = value;
  }
  return bytes;
}

/** The part of a range in a line, as positions in it. */
function within(range: ByteRange | undefined, start: number, perRow: number): { from: number; to: number } {
  if (!range) return { from: 0, to: 0 };
  const from = Math.max(0, range.start - start);
  const to = Math.min(perRow, range.start + range.length - start);
  return to > from ? { from, to } : { from: 0, to: 0 };
}

function offsetAt(event: MouseEvent): number | undefined {
  const target = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-offset]') : null;
  return target ? Number(target.dataset.offset) : undefined;
}
