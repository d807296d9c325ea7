// The palette's way to the history.
import { pickRuns } from '../comparison/comparison-actions.ts';
import { registerCommand } from '../shell/commands.ts';
import { showHistory } from './history-actions.ts';

/** For the window's whole life. Call once. */
export function registerHistoryCommands(): void {
  registerCommand('history.show', showHistory);
  registerCommand('history.compare', () => pickRuns());
}
