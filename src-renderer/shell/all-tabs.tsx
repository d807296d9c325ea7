// When there are more tabs than fit: keeps the chosen one in sight, and lists all by name.
import { ChevronDown } from 'lucide-react';
import { type RefObject, useLayoutEffect, useState } from 'react';
import { comparisonName, useComparisons } from '../stores/comparisons.ts';
import { configOf, openTab, useSessions } from '../stores/sessions.ts';
import { IconButton } from '../ui/button.tsx';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { phaseText } from './phase-mark.tsx';

/** Whether tabs are out of sight, told anew when the window or they change. Scrolls to the chosen one each time. */
export function useOverflow(list: RefObject<HTMLElement | null>, tabs: readonly string[], active: string | null) {
  const [overflows, setOverflows] = useState(false);
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const look = () => {
      setOverflows(element.scrollWidth > element.clientWidth);
      const chosen = element.children[active === null ? -1 : tabs.indexOf(active)];
      chosen?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [list, tabs, active]);
  return overflows;
}

export function AllTabs() {
  // Read when the menu opens: its button need not follow what sessions do.
  const [entries, setEntries] = useState<MenuEntry[]>([]);
  return (
    <Menu entries={entries} align="end" onOpenChange={(open) => open && setEntries(entriesNow())}>
      <IconButton label="All tabs" icon={ChevronDown} />
    </Menu>
  );
}

function entriesNow(): MenuEntry[] {
  const state = useSessions.getState();
  return state.tabs.flatMap((id) => {
    const entry = { checked: id === state.active, run: () => openTab(id) };
    const comparison = useComparisons.getState().byId[id];
    if (comparison) return [{ ...entry, text: comparisonName(comparison), hint: 'compared' }];
    const session = state.byId[id];
    if (!session) return [];
    return [{ ...entry, text: configOf(state, id)?.name ?? '', hint: phaseText(session) }];
  });
}
