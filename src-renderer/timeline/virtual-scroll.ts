// The mathematics of a list of fixed-height rows that may be taller than a browser allows an element to be. Owns no
// DOM. The true position (`top`, pixels into all rows) is exact; the scroller's own position is a scaled picture of it,
// and only a drag of its thumb is ever read back.

/** Elements taller than about 17 million px are clamped by some engines; half of that leaves room for zoom. */
export const MAX_SCROLLER_PX = 8_000_000;

export interface Geometry {
  rows: number;
  rowHeightPx: number;
  viewportPx: number;
}

/** Rows [first, end). */
export interface RowRange {
  first: number;
  end: number;
}

/** Height of all rows, however much that is. */
function contentPx(geometry: Geometry): number {
  return geometry.rows * geometry.rowHeightPx;
}

/** Height the scrolled element gets. */
export function scrollerPx(geometry: Geometry): number {
  return Math.min(contentPx(geometry), MAX_SCROLLER_PX);
}

/** Whether one pixel of the scroller stands for more than one pixel of rows. */
export function isScaled(geometry: Geometry): boolean {
  return contentPx(geometry) > MAX_SCROLLER_PX;
}

/** The largest `top`. */
export function maxTop(geometry: Geometry): number {
  return Math.max(0, contentPx(geometry) - geometry.viewportPx);
}

/** `top` within its bounds. */
export function clampTop(geometry: Geometry, top: number): number {
  return Math.min(Math.max(0, top), maxTop(geometry));
}

/** The true position for a scroller position; both ends meet exactly. */
export function topOfScroll(geometry: Geometry, scrollTop: number): number {
  if (!isScaled(geometry)) return clampTop(geometry, scrollTop);
  const range = MAX_SCROLLER_PX - geometry.viewportPx;
  return clampTop(geometry, Math.round((scrollTop / range) * maxTop(geometry)));
}

/** The scroller position that pictures a true position. */
export function scrollOfTop(geometry: Geometry, top: number): number {
  if (!isScaled(geometry)) return top;
  return (top / maxTop(geometry)) * (MAX_SCROLLER_PX - geometry.viewportPx);
}

/** The rows that touch the viewport, and `overscan` more on each side. */
export function rowsAt(geometry: Geometry, top: number, overscan: number): RowRange {
  const first = Math.floor(top / geometry.rowHeightPx) - overscan;
  const end = Math.ceil((top + geometry.viewportPx) / geometry.rowHeightPx) + overscan;
  return { first: Math.max(0, first), end: Math.min(geometry.rows, Math.max(0, end)) };
}

/** Rows that fit into the viewport whole; at least one. */
export function rowsPerPage(geometry: Geometry): number {
  return Math.max(1, Math.floor(geometry.viewportPx / geometry.rowHeightPx));
}

/** The position nearest to `top` at which a row is seen whole; with `centre`, in the middle unless it is seen already. */
export function topToShow(geometry: Geometry, top: number, row: number, centre = false): number {
  const rowTop = row * geometry.rowHeightPx;
  const rowEnd = rowTop + geometry.rowHeightPx;
  if (rowTop >= top && rowEnd <= top + geometry.viewportPx) return top;
  if (centre) return clampTop(geometry, Math.round(rowTop - (geometry.viewportPx - geometry.rowHeightPx) / 2));
  return clampTop(geometry, rowTop < top ? rowTop : rowEnd - geometry.viewportPx);
}

/** Whether the last row is seen, give or take the fractions of a pixel that zooming leaves. */
export function isAtEnd(geometry: Geometry, top: number): boolean {
  return top >= maxTop(geometry) - 2;
}
