// Splits that outlive the window.
import { type GroupProps, useDefaultLayout } from 'react-resizable-panels';

type LayoutChanged = NonNullable<GroupProps['onLayoutChanged']>;

/**
 * Props of a panel group whose split is kept in this browser, for each set of panels that are shown: as it was asked for,
 * not as a small window made it.
 */
export function useRememberedLayout(id: string, panelIds: string[]) {
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({ id, panelIds });
  const remember: LayoutChanged = (layout, meta) => onLayoutChanged(meta.requestedLayout ?? layout, meta);
  return { defaultLayout, onLayoutChanged: remember };
}
