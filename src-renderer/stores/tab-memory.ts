// Which tabs were open, by where their files lie: that outlives the engine's process, ids do not. Those of workspaces
// that are not open wait for them. Pure but for localStorage.
import type { SessionPlace } from '../../src-main/bridge/contract.ts';

const KEY = 'wirescope:tabs';
const MAX_REMEMBERED = 500;

export interface RememberedTabs {
  /** Of all workspaces, in order; see `placeKey`. */
  tabs: readonly string[];
  active: string | null;
}

/** `folder`: of the open workspace. */
export function placeKey({ in: area, path }: SessionPlace, folder: string | null): string {
  return area === 'scratch' ? `scratch ${path}` : `${folder} ${path}`;
}

/** Whether a key's place is of the scratch area or of the open workspace. */
export function isPlaceOpen(key: string, folder: string | null): boolean {
  return key.startsWith('scratch ') || (folder !== null && key.startsWith(`${folder} `));
}

/** What is remembered after the open tabs became `tabs`. */
export function remember(old: RememberedTabs, now: RememberedTabs, folder: string | null): RememberedTabs {
  const others = old.tabs.filter((key) => !isPlaceOpen(key, folder));
  return { tabs: [...others, ...new Set(now.tabs)].slice(-MAX_REMEMBERED), active: now.active };
}

export function readTabs(): RememberedTabs {
  try {
    const { tabs, active } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as { tabs?: unknown; active?: unknown };
    return {
      tabs: Array.isArray(tabs) ? tabs.filter((key) => typeof key === 'string') : [],
      active: typeof active === 'string' ? active : null,
    };
  } catch {
    return { tabs: [], active: null };
  }
}

export function writeTabs(tabs: RememberedTabs): void {
  localStorage.setItem(KEY, JSON.stringify(tabs));
}
