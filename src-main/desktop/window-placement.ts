// Where a window stood, and where it can stand now. Pure: imports no electron.

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Placement {
  /** When neither maximised nor full screen. */
  bounds: Rectangle;
  maximized: boolean;
  fullScreen: boolean;
  /** Chromium's: each step is 20 %. */
  zoomLevel: number;
}

export const MIN_WIDTH = 900;
export const MIN_HEIGHT = 600;
const MAX_ZOOM_LEVEL = 8;
/** A window that shows less than this of itself cannot be grasped. */
const GRASP = 48;
/** A further window stands so far right of and below the one it was opened from. */
const STEP = 24;

/** A placement as it was saved, or undefined if this is none. */
export function parsePlacement(value: unknown): Placement | undefined {
  const { bounds, maximized, fullScreen, zoomLevel } = (value ?? {}) as { [key: string]: unknown };
  const { x, y, width, height } = (bounds ?? {}) as { [key: string]: unknown };
  if (![x, y, width, height].every(Number.isSafeInteger)) return undefined;
  const zoom = typeof zoomLevel === 'number' && Math.abs(zoomLevel) <= MAX_ZOOM_LEVEL ? zoomLevel : 0;
  return {
    bounds: { x, y, width, height } as Rectangle,
    maximized: maximized === true,
    fullScreen: fullScreen === true,
    zoomLevel: zoom,
  };
}

/**
 * Where to put a window that once stood at `wanted`: no smaller than usable, no larger than a display, and on one of
 * them. undefined if the display it stood on is gone: then the system places it. `displays`: their work areas.
 */
export function fitToDisplays(wanted: Rectangle, displays: readonly Rectangle[]): Rectangle | undefined {
  const display = displays.find((area) => overlap(area, wanted) !== undefined);
  if (!display) return undefined;
  const width = Math.min(Math.max(wanted.width, MIN_WIDTH), Math.max(display.width, MIN_WIDTH));
  const height = Math.min(Math.max(wanted.height, MIN_HEIGHT), Math.max(display.height, MIN_HEIGHT));
  return {
    x: Math.max(display.x, Math.min(wanted.x, display.x + display.width - width)),
    y: Math.max(display.y, Math.min(wanted.y, display.y + display.height - height)),
    width,
    height,
  };
}

/** Where a window opened from one at `bounds` stands. */
export function cascade(bounds: Rectangle): Rectangle {
  return { ...bounds, x: bounds.x + STEP, y: bounds.y + STEP };
}

function overlap(area: Rectangle, window: Rectangle): Rectangle | undefined {
  const x = Math.max(area.x, window.x);
  const y = Math.max(area.y, window.y);
  const width = Math.min(area.x + area.width, window.x + window.width) - x;
  const height = Math.min(area.y + area.height, window.y + window.height) - y;
  return width >= GRASP && height >= GRASP ? { x, y, width, height } : undefined;
}
