// The commands of the selected rows, for keys, context menu and palette alike.
import type { Row } from '../../src-main/bridge/contract.ts';
import { useCommand } from '../shell/commands.ts';
import { reportProblem } from '../stores/problem.ts';
import { showToast } from '../ui/toast.tsx';
import { toggleCall } from './call-folds.ts';
import { type CopyFormat, copyRows, linkedRecord } from './row-actions.ts';
import { foldsCalls, queryOf, selectRecord, timelineView, toggleMark } from './timeline-store.ts';

export interface RowCommands {
  copy(format: CopyFormat): void;
  mark(): void;
  goToLink(): void;
}

/** `row`: the one the keyboard is at. */
export function useRowCommands(session: string, row: Row | undefined): RowCommands {
  const commands: RowCommands = {
    copy: (format) => {
      const view = timelineView(session);
      void copyRows(session, queryOf(view), view.selection, format);
    },
    mark: () => {
      if (row) toggleMark(session, { seq: row.seq, atUs: row.at });
    },
    goToLink: () => {
      if (row) void goToLink(session, row.seq);
    },
  };
  const some = row !== undefined;
  useCommand('timeline.copy', () => commands.copy('text'), some);
  useCommand('timeline.copy.tsv', () => commands.copy('tsv'), some);
  useCommand('timeline.copy.json', () => commands.copy('json'), some);
  useCommand('timeline.copy.payload', () => commands.copy('payload'), some);
  useCommand('timeline.copy.hex', () => commands.copy('hex'), some);
  useCommand('timeline.mark', commands.mark, some);
  const foldable = row?.call !== undefined && foldsCalls(timelineView(session).level);
  useCommand('timeline.unfold', () => row && toggleCall(session, row.seq), foldable);
  useCommand('timeline.link', commands.goToLink, some);
  return commands;
}

async function goToLink(session: string, seq: number): Promise<void> {
  try {
    const link = await linkedRecord(session, seq);
    if (link === undefined) showToast({ text: 'No record is linked to this one.' });
    else selectRecord(session, link);
  } catch (error) {
    reportProblem(error);
  }
}
