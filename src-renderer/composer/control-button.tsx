// The button of the orders beside sending; where the strip is narrow a sign stands for its word.
import { ChevronDown, Ellipsis } from 'lucide-react';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { Button } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { controlEntries } from './control-menu.ts';

export function ControlButton({ config }: { config: SessionConfig }) {
  return (
    <Menu entries={controlEntries(config)} align="end">
      <Button variant="ghost" className="control-button">
        <span>Control</span>
        <ChevronDown size={12} strokeWidth={2} aria-hidden />
        <Ellipsis size={14} strokeWidth={1.75} aria-hidden />
      </Button>
    </Menu>
  );
}
