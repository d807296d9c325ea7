// Where Wirescope keeps what is no workspace's: captures, scratch sessions, secrets.
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The one the desktop app has, too. */
export function userDataFolder(): string {
  const { WIRESCOPE_DATA, APPDATA, XDG_CONFIG_HOME } = process.env;
  if (WIRESCOPE_DATA) return WIRESCOPE_DATA;
  const home = homedir();
  if (process.platform === 'win32') return join(APPDATA ?? join(home, 'AppData', 'Roaming'), 'Wirescope');
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'Wirescope');
  return join(XDG_CONFIG_HOME ?? join(home, '.config'), 'Wirescope');
}
