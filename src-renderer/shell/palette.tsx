// Everything by name: commands that can be carried out now, and all sessions.
import { Command } from 'cmdk';
import { Dialog as Radix } from 'radix-ui';
import { useMemo, useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { openTab, shownSessions, useSessions } from '../stores/sessions.ts';
import { useFocusReturn } from '../ui/focus-home.ts';
import { formatCount } from '../ui/format.ts';
import { Kbd } from '../ui/kbd.tsx';
import {
  COMMAND_GROUPS,
  type CommandId,
  commandIds,
  commandShortcut,
  commands,
  isCommandEnabled,
  runCommand,
} from './commands.ts';
import { matchScore } from './palette-match.ts';
import { paletteSessions } from './palette-sessions.ts';
import { PhaseMark, phaseText } from './phase-mark.tsx';
import './palette.css';

const close = () => useDialogs.setState({ palette: false });

export function Palette() {
  const open = useDialogs((state) => state.palette);
  const { remember, giveBack } = useFocusReturn();
  return (
    <Radix.Root open={open} onOpenChange={(palette) => useDialogs.setState({ palette })}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content
          className="palette"
          aria-describedby={undefined}
          onOpenAutoFocus={remember}
          onCloseAutoFocus={giveBack}
        >
          <Radix.Title className="visually-hidden">Search or run a command</Radix.Title>
          <PaletteList />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Which sessions there are and which commands can run is asked once, when the palette opens. */
function PaletteList() {
  const [sessions] = useState(() => shownSessions(useSessions.getState()));
  const [enabled] = useState(() => commandIds.filter((id) => id !== 'palette.open' && isCommandEnabled(id)));
  const [typed, setTyped] = useState('');
  const { listed, more, score } = useMemo(() => paletteSessions(sessions, typed), [sessions, typed]);
  const groups = [
    { heading: more > 0 ? `Sessions, ${formatCount(more)} more by their names` : 'Sessions', score, ids: [] },
    ...COMMAND_GROUPS.map((group) => commandsOf(group, enabled, typed)),
  ].sort((one, other) => (typed.trim() === '' ? 0 : other.score - one.score));
  return (
    <Command label="Commands and sessions" loop shouldFilter={false}>
      <Command.Input
        className="palette-input"
        placeholder="Session or command"
        value={typed}
        onValueChange={setTyped}
      />
      <Command.List className="palette-list">
        <Command.Empty className="palette-empty">Nothing by that name.</Command.Empty>
        {groups.map(
          ({ heading, score, ids }) =>
            score > 0 && (
              <Command.Group key={heading} heading={heading}>
                {ids.length > 0
                  ? ids.map((id) => <CommandItem key={id} id={id} />)
                  : listed.map((session) => <SessionItem key={session.id} session={session} />)}
              </Command.Group>
            ),
        )}
      </Command.List>
    </Command>
  );
}

interface FoundCommands {
  heading: string;
  /** Of the best; 0 if there is none. */
  score: number;
  /** The best first. */
  ids: CommandId[];
}

function commandsOf(heading: string, enabled: readonly CommandId[], typed: string): FoundCommands {
  const found = enabled
    .filter((id) => commands[id].group === heading)
    .map((id) => ({ id, score: matchScore(typed, commands[id].title, commands[id].keywords) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score);
  return { heading, score: found[0]?.score ?? 0, ids: found.map(({ id }) => id) };
}

function CommandItem({ id }: { id: CommandId }) {
  const run = () => {
    close();
    // After the dialog has given the focus back, so that the command may move it.
    setTimeout(() => runCommand(id));
  };
  return (
    <Command.Item value={id} onSelect={run}>
      <span className="palette-text">{commands[id].title}</span>
      <Kbd keys={commandShortcut(id) ?? ''} />
    </Command.Item>
  );
}

function SessionItem({ session }: { session: SessionState }) {
  const open = () => {
    close();
    openTab(session.id);
  };
  return (
    <Command.Item value={`session ${session.id}`} onSelect={open}>
      <PhaseMark session={session} />
      <span className="palette-text">{session.config.name}</span>
      <span className="palette-hint">{phaseText(session)}</span>
    </Command.Item>
  );
}
