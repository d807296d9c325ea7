// Splits that outlive the window.
import { useDefaultLayout } from 'react-resizable-panels';

/** Props of a panel group whose split is kept in this browser, for each set of panels that are shown. */
export function useRememberedLayout(id: string, panelIds: string[]) {
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({ id, panelIds });
  return { defaultLayout, onLayoutChanged };
}
