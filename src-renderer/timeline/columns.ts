// The columns of the timeline: which are shown and how wide. In a narrow pane the least telling ones give way to the
// summary. Widths set by hand are remembered across sessions and starts.

export type ColumnName = 'number' | 'time' | 'delta' | 'connection' | 'direction' | 'kind' | 'size' | 'summary';

export interface Column {
  name: ColumnName;
  title: string;
  /** What the head says when asked. */
  hint: string;
  widthPx: number;
  minPx: number;
  /** Dragging its edge changes it. */
  resizable: boolean;
}

const COLUMNS: readonly Column[] = [
  { name: 'number', title: '#', hint: 'Record number', widthPx: 0, minPx: 36, resizable: true },
  { name: 'time', title: 'Time', hint: 'Time on the wire', widthPx: 0, minPx: 64, resizable: true },
  { name: 'delta', title: 'Δ', hint: 'Since the row before', widthPx: 68, minPx: 48, resizable: true },
  { name: 'connection', title: 'Conn', hint: 'Connection', widthPx: 48, minPx: 40, resizable: true },
  { name: 'direction', title: '⇅', hint: 'Direction', widthPx: 26, minPx: 26, resizable: false },
  { name: 'kind', title: 'Kind', hint: 'Type of record', widthPx: 96, minPx: 48, resizable: true },
  { name: 'size', title: 'Size', hint: 'Bytes for the application', widthPx: 60, minPx: 44, resizable: true },
  { name: 'summary', title: 'Summary', hint: 'What it says', widthPx: 0, minPx: 0, resizable: false },
];

/** What people may do without, and what the menu calls it. */
export const CHOICES: readonly { name: ColumnName; text: string }[] = [
  { name: 'number', text: 'Record number' },
  { name: 'time', text: 'Time' },
  { name: 'delta', text: 'Δ, time since the row before' },
  { name: 'connection', text: 'Connection' },
  { name: 'kind', text: 'Kind' },
  { name: 'size', text: 'Size' },
];

/** One figure of the monospaced font, and the air around a number. */
const FIGURE_PX = 7.3;
const AIR_PX = 16;
/**
 * Which columns give way to the summary, first to last, and what it must have left for each to stay: of the less telling
 * ones it wants more.
 */
const GIVE_WAY: readonly (readonly [ColumnName, leftPx: number])[] = [
  ['delta', 200],
  ['size', 200],
  ['number', 200],
  ['connection', 180],
  ['time', 150],
];
/**
 * The same where calls are one row each, which is a long one. Arrows and indentation tell what belongs to a call; frames
 * are told by their kind alone (`WINDOW_UPDATE`).
 */
const GIVE_WAY_TO_CALLS: typeof GIVE_WAY = [
  ['delta', 300],
  ['size', 300],
  ['number', 300],
  ['connection', 300],
  ['kind', 300],
  ['time', 230],
];
const FRAME_KIND_PX = 104;
const STORED_UNDER = 'wirescope:timeline-columns';

export type Widths = Partial<Record<ColumnName, number>>;

export interface ColumnOptions {
  /** Whether there is more than one connection. */
  connection: boolean;
  delta: boolean;
  /** Characters of the longest time, and of the longest record number. */
  timeCharacters: number;
  numberCharacters: number;
  /** Summaries are gRPC calls. */
  calls: boolean;
  /** Frames are among the rows. */
  frames: boolean;
  /** Δ counts from a marked row. */
  marked: boolean;
  /** Of the pane. */
  widthPx: number;
  /** Set by hand. */
  widths: Widths;
  /** Not wanted. */
  hidden: readonly ColumnName[];
}

/** The columns to show, in order. */
export function columnsFor(options: ColumnOptions): Column[] {
  let shown: Column[] = [];
  for (const column of COLUMNS) {
    if (column.name === 'connection' && !options.connection) continue;
    if (column.name === 'delta' && !options.delta) continue;
    // Whoever marks a row wants to read the time from it.
    if (options.hidden.includes(column.name) && !(column.name === 'delta' && options.marked)) continue;
    const hint = column.name === 'delta' && options.marked ? 'Since the marked row' : column.hint;
    const width = options.widths[column.name] ?? usualWidth(column, options);
    shown.push({ ...column, hint, widthPx: Math.max(column.minPx, width) });
  }
  for (const [name, leftPx] of options.calls && !options.frames ? GIVE_WAY_TO_CALLS : GIVE_WAY) {
    if (name === 'delta' && options.marked) continue;
    const taken = shown.reduce((sum, column) => sum + column.widthPx, 0);
    if (options.widthPx === 0 || options.widthPx - taken >= leftPx) break;
    shown = shown.filter((column) => column.name !== name);
  }
  return shown;
}

function usualWidth(column: Column, options: ColumnOptions): number {
  if (column.name === 'number') return Math.ceil(options.numberCharacters * FIGURE_PX + AIR_PX);
  if (column.name === 'time') return Math.ceil(options.timeCharacters * FIGURE_PX + AIR_PX);
  if (column.name === 'kind' && options.calls && options.frames) return FRAME_KIND_PX;
  return column.widthPx;
}

/** CSS `grid-template-columns` for them; the summary takes the rest. */
export function gridTemplate(columns: Column[]): string {
  return columns.map((column) => (column.name === 'summary' ? 'minmax(0, 1fr)' : `${column.widthPx}px`)).join(' ');
}

/** What was remembered; nothing where nothing (or nonsense) was. */
export function storedWidths(storage: Pick<Storage, 'getItem'>): Widths {
  try {
    const stored: unknown = JSON.parse(storage.getItem(STORED_UNDER) ?? '{}');
    const widths: Widths = {};
    if (typeof stored !== 'object' || stored === null) return widths;
    for (const column of COLUMNS) {
      const width: unknown = Reflect.get(stored, column.name);
      if (column.resizable && typeof width === 'number' && width >= column.minPx && width <= 1000) {
        widths[column.name] = width;
      }
    }
    return widths;
  } catch {
    return {};
  }
}

export function storeWidths(storage: Pick<Storage, 'setItem'>, widths: Widths): void {
  storage.setItem(STORED_UNDER, JSON.stringify(widths));
}
