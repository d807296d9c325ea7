// The sidebar over the sessions, in a window too narrow for both. Esc, a click beside it and moving on to the sessions
// take it away, as does opening something: see stores/sidebar.ts.
import { type FocusEvent, type KeyboardEvent, useEffect, useRef } from 'react';
import { Sidebar } from '../sidebar/sidebar.tsx';
import { uncoverSessions } from '../stores/sidebar.ts';
import { focusHome } from '../ui/focus-home.ts';

export function SidebarOverlay() {
  const overlay = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = overlay.current;
    // What it was called for, as a name to be typed, may have the keyboard already.
    if (!element?.contains(document.activeElement)) element?.querySelector<HTMLElement>('[data-pane-entry]')?.focus();
    return () => {
      // By now a keyboard that was in it is nowhere.
      if (document.activeElement === document.body) focusHome();
    };
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    // Its menus lie elsewhere, and Esc there is theirs.
    if (event.key === 'Escape' && overlay.current?.contains(event.target as Node)) uncoverSessions();
  };
  const onBlur = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget?.closest('.workbench-main')) uncoverSessions();
  };
  return (
    <>
      <div className="sidebar-scrim" onPointerUp={uncoverSessions} />
      <div
        className="sidebar-overlay"
        role="group"
        aria-label="Sidebar"
        ref={overlay}
        onKeyDown={onKeyDown}
        onBlur={onBlur}
      >
        <Sidebar />
      </div>
    </>
  );
}
