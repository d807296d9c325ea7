// Keys of a shortcut, as the platform writes them.
import './kbd.css';

export function Kbd({ keys }: { keys: string }) {
  return <kbd className="kbd">{keys}</kbd>;
}
