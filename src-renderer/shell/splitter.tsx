// The line between two panes: drag it, move it by arrow keys, double-click for the first size.
import { Separator } from 'react-resizable-panels';
import './splitter.css';

export function Splitter({ label }: { label: string }) {
  return <Separator className="splitter" aria-label={label} />;
}
