// A scroller that draws only the rows in sight. The rows live in a layer that sticks to the viewport and is moved by
// the true position, so a slow frame shows rows a moment late and never a blank. Timeline, hex view, trees and text
// all scroll through it.
import {
  Fragment,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useReducer,
  useRef,
} from 'react';
import { flushSync } from 'react-dom';
import {
  clampTop,
  type Geometry,
  isAtEnd,
  isScaled,
  maxTop,
  type RowRange,
  rowsAt,
  rowsPerPage,
  scrollerPx,
  scrollOfTop,
  topOfScroll,
  topToShow,
} from './virtual-scroll.ts';
import './virtual-rows.css';

/** Rows drawn beyond each edge: what a fast wheel needs until the next frame. */
const OVERSCAN_ROWS = 8;
/** A wheel that reports lines or pages instead of pixels. */
const WHEEL_LINE_PX = 40;

export interface VirtualScrollOptions {
  rows: number;
  rowHeightPx: number;
  /** Stays at the end whatever is added. */
  stickToEnd?: boolean;
  /** The user has scrolled (wheel, thumb, touch), not the program. */
  onUserScroll?: (atEnd: boolean) => void;
}

export interface VirtualScroll {
  scroller: RefObject<HTMLDivElement | null>;
  geometry: Geometry;
  widthPx: number;
  top: number;
  /** Rows to draw. */
  drawn: RowRange;
  /** Rows in sight. */
  seen: RowRange;
  perPage: number;
  /** Scrolls as little as needed to see a row whole; `centre` puts it in the middle if it was out of sight. */
  show(row: number, centre?: boolean): void;
  onScroll(): void;
}

export function useVirtualScroll(options: VirtualScrollOptions): VirtualScroll {
  const { rows, rowHeightPx, stickToEnd = false, onUserScroll } = options;
  const scroller = useRef<HTMLDivElement>(null);
  const position = useRef(0);
  const size = useRef({ widthPx: 0, heightPx: 0 });
  /** Where the program has put the scroller: an event at that place is not the user's. */
  const expected = useRef(0);
  const [, redraw] = useReducer((count: number) => count + 1, 0);

  const geometry: Geometry = { rows, rowHeightPx, viewportPx: size.current.heightPx };
  const top = stickToEnd ? maxTop(geometry) : clampTop(geometry, position.current);
  const latest = useRef({ geometry, onUserScroll });
  latest.current = { geometry, onUserScroll };

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = (): void => {
      size.current = { widthPx: element.clientWidth, heightPx: element.clientHeight };
      redraw();
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    position.current = top;
    const element = scroller.current;
    const wanted = scrollOfTop(latest.current.geometry, top);
    // Compared with what is remembered: reading scrollTop would cost a layout for every drawing.
    if (!element || Math.abs(expected.current - wanted) < 1) return;
    element.scrollTop = wanted;
    expected.current = element.scrollTop;
  });

  const userScrolledTo = useCallback((wanted: number) => {
    const { geometry: current, onUserScroll: tell } = latest.current;
    position.current = clampTop(current, wanted);
    flushSync(() => {
      tell?.(isAtEnd(current, position.current));
      redraw();
    });
  }, []);

  // Of a scaled scroller a wheel step would jump thousands of rows: it moves the true position instead.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const wheel = (event: WheelEvent): void => {
      const { geometry: current } = latest.current;
      if (!isScaled(current) || event.deltaY === 0 || event.ctrlKey) return;
      event.preventDefault();
      const unit = event.deltaMode === 0 ? 1 : event.deltaMode === 1 ? WHEEL_LINE_PX : current.viewportPx;
      userScrolledTo(position.current + event.deltaY * unit);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [userScrolledTo]);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    if (Math.abs(element.scrollTop - expected.current) < 1) return;
    expected.current = element.scrollTop;
    userScrolledTo(topOfScroll(latest.current.geometry, element.scrollTop));
  }, [userScrolledTo]);

  const show = useCallback((row: number, centre = false) => {
    position.current = topToShow(latest.current.geometry, position.current, row, centre);
    redraw();
  }, []);

  return {
    scroller,
    geometry,
    widthPx: size.current.widthPx,
    top,
    drawn: rowsAt(geometry, top, OVERSCAN_ROWS),
    seen: rowsAt(geometry, top, 0),
    perPage: rowsPerPage(geometry),
    show,
    onScroll,
  };
}

export interface VirtualRowsProps {
  scroll: VirtualScroll;
  className?: string;
  /** Width of the rows when they are wider than the viewport. */
  contentPx?: number;
  /**
   * Whose element a row has, where it is worth more to keep that than to use it again: somebody may be typing in it, or
   * be about to press what another row would come to lie under.
   */
  keyOf?: (index: number) => string;
  children: (index: number) => ReactNode;
  /** Drawn over the rows, at rest in the viewport. */
  overlay?: ReactNode;
}

/**
 * The scroller with its rows. Elements are used again: a row takes over that of the row that left, so that scrolling
 * and following change texts and create nothing.
 */
export function VirtualRows({ scroll, className, contentPx, keyOf, children, overlay }: VirtualRowsProps) {
  const { drawn, geometry, top } = scroll;
  const slots = Math.ceil(geometry.viewportPx / geometry.rowHeightPx) + 1 + 2 * OVERSCAN_ROWS;
  const rows: ReactNode[] = [];
  for (let index = drawn.first; index < drawn.end; index += 1) {
    rows.push(<Fragment key={keyOf?.(index) ?? index % slots}>{children(index)}</Fragment>);
  }
  return (
    <div
      ref={scroll.scroller}
      className={className ? `tl-scroller ${className}` : 'tl-scroller'}
      onScroll={scroll.onScroll}
      role="presentation"
      // Not a stop of its own for Tab, which Chromium makes of what scrolls.
      tabIndex={-1}
    >
      <div
        className="tl-content"
        style={{ height: scrollerPx(geometry), ...(contentPx === undefined ? {} : { minWidth: contentPx }) }}
      >
        <div className="tl-window" style={{ height: geometry.viewportPx }}>
          <div style={{ transform: `translateY(${drawn.first * geometry.rowHeightPx - top}px)` }}>{rows}</div>
          {overlay}
        </div>
      </div>
    </div>
  );
}
