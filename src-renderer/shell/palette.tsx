// Everything by name: commands that can be carried out now, and all sessions.
import { Command } from 'cmdk';
import { Dialog as Radix } from 'radix-ui';
import { useMemo, useState } from 'react';
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
import { paletteSessions, paletteWords } from './palette-sessions.ts';
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
  const [typed, setTyped] = useState('');
  const { listed, more } = useMemo(() => paletteSessions(sessions, typed), [sessions, typed]);
  const enabled = commandIds.filter((id) => id !== 'palette.open' && isCommandEnabled(id));
  const run = (id: CommandId) => {
    close();
    // After the dialog has given the focus back, so that the command may move it.
    setTimeout(() => runCommand(id));
  };
  return (
    <Command label="Commands and sessions" loop>
      <Command.Input
        className="palette-input"
        placeholder="Session or command"
        value={typed}
        onValueChange={setTyped}
      />
      <Command.List className="palette-list">
        <Command.Empty className="palette-empty">Nothing by that name.</Command.Empty>
        {listed.length > 0 && (
          <Command.Group heading={more > 0 ? `Sessions, ${formatCount(more)} more by their names` : 'Sessions'}>
            {listed.map((session) => (
              <Command.Item
                key={session.id}
                value={`${session.config.name} ${session.id}`}
                keywords={paletteWords(session)}
                onSelect={() => {
                  close();
                  openTab(session.id);
                }}
              >
                <PhaseMark session={session} />
                <span className="palette-text">{session.config.name}</span>
                <span className="palette-hint">{phaseText(session)}</span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {COMMAND_GROUPS.map((group) => {
          const ids = enabled.filter((id) => commands[id].group === group);
          if (ids.length === 0) return null;
          return (
            <Command.Group key={group} heading={group}>
              {ids.map((id) => (
                <Command.Item
                  key={id}
                  value={commands[id].title}
                  keywords={[commands[id].keywords ?? '']}
                  onSelect={() => run(id)}
                >
                  <span className="palette-text">{commands[id].title}</span>
                  <Kbd keys={commandShortcut(id) ?? ''} />
                </Command.Item>
              ))}
            </Command.Group>
          );
        })}
      </Command.List>
    </Command>
  );
}
