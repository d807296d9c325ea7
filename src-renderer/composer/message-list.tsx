// Saved messages in the user's order: choose, rename, reorder, delete.
import { Plus } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { SavedMessage } from '../../src-main/core/session-config.ts';
import { commandShortcut, commands, runCommand } from '../shell/commands.ts';
import { freeName, movedMessage } from '../stores/config-edit.ts';
import { saveMessages } from '../stores/session-actions.ts';
import { configOf, useSessions } from '../stores/sessions.ts';
import { IconButton } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { Input } from '../ui/field.tsx';
import { ContextMenu, type MenuEntry } from '../ui/menu.tsx';
import { showToast } from '../ui/toast.tsx';
import { shownMessage } from './content.ts';
import { draftOf, editDraft, replaceDraft, useDraft } from './draft-store.ts';
import { isModified } from './sending.ts';
import './message-list.css';

export interface MessageListProps {
  session: SessionState;
  /** Name of the message whose name is being typed. */
  naming: string | undefined;
  onNaming(name: string | undefined): void;
}

const NONE: readonly SavedMessage[] = [];
const DRAGGED = 'application/x-wirescope-message';

export function MessageList({ session, naming, onNaming }: MessageListProps) {
  const { id } = session;
  const messages = useSessions((state) => configOf(state, id)?.messages ?? NONE);
  const draft = useDraft(id);
  const [dropAt, setDropAt] = useState<number>();

  const choose = (message: SavedMessage) => replaceDraft(id, { ...shownMessage(message), savedAs: message.name });
  const move = (from: number, to: number) => void saveMessages(id, (old) => movedMessage(old, from, to));
  const rename = (message: SavedMessage, typed: string) => {
    onNaming(undefined);
    const name = typed.trim();
    if (name === '' || name === message.name) return;
    const free = freeName(
      name,
      messages.map((each) => each.name),
    );
    void saveMessages(id, (old) => old.map((each) => (each.name === message.name ? { ...each, name: free } : each)));
    if (draftOf(id).savedAs === message.name) editDraft(id, { savedAs: free });
  };
  const remove = (message: SavedMessage, index: number) => {
    void saveMessages(id, (old) => old.filter((each) => each.name !== message.name));
    showToast({
      text: `Deleted the message “${message.name}”.`,
      action: {
        label: 'Undo',
        run: () => void saveMessages(id, (old) => [...old.slice(0, index), message, ...old.slice(index)]),
      },
    });
  };
  const duplicate = (message: SavedMessage, index: number) =>
    void saveMessages(id, (old) => {
      const name = freeName(
        message.name,
        old.map((each) => each.name),
      );
      return [...old.slice(0, index + 1), { ...message, name }, ...old.slice(index + 1)];
    });
  const entriesOf = (message: SavedMessage, index: number): MenuEntry[] => [
    {
      text: 'Send',
      run: () => {
        choose(message);
        runCommand('composer.send');
      },
    },
    { text: 'Rename', shortcut: 'F2', run: () => setTimeout(() => onNaming(message.name)) },
    { text: 'Duplicate', run: () => duplicate(message, index) },
    { type: 'separator' },
    { text: 'Move up', shortcut: 'Alt+↑', disabled: index === 0, run: () => move(index, index - 1) },
    {
      text: 'Move down',
      shortcut: 'Alt+↓',
      disabled: index === messages.length - 1,
      run: () => move(index, index + 1),
    },
    { type: 'separator' },
    { text: 'Delete', shortcut: 'Del', danger: true, run: () => remove(message, index) },
  ];

  const onKeyDown = (event: KeyboardEvent<HTMLElement>, message: SavedMessage, index: number) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && event.altKey) move(index, index + step);
    else if (step !== 0) focusSibling(event.currentTarget, step);
    else if (event.key === 'Delete') remove(message, index);
    else if (event.key === 'F2') onNaming(message.name);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onDrop = (event: DragEvent, to: number) => {
    setDropAt(undefined);
    const from = Number(event.dataTransfer.getData(DRAGGED));
    if (event.dataTransfer.types.includes(DRAGGED)) move(from, from < to ? to - 1 : to);
  };

  return (
    <div className="message-list">
      <div className="message-list-header">
        <span>Saved messages</span>
        <IconButton
          label={commands['composer.saveAs'].title}
          shortcut={commandShortcut('composer.saveAs')}
          icon={Plus}
          onClick={() => runCommand('composer.saveAs')}
        />
      </div>
      <ul>
        {messages.map((message, index) =>
          naming === message.name ? (
            <li key={message.name}>
              <NameField name={message.name} onEnd={(typed) => rename(message, typed)} />
            </li>
          ) : (
            <li
              key={message.name}
              className={classNames(dropAt === index && 'message-drop')}
              draggable
              onDragStart={(event) => event.dataTransfer.setData(DRAGGED, String(index))}
              onDragOver={(event) => {
                if (!event.dataTransfer.types.includes(DRAGGED)) return;
                event.preventDefault();
                setDropAt(index);
              }}
              onDragEnd={() => setDropAt(undefined)}
              onDrop={(event) => onDrop(event, index)}
            >
              <ContextMenu entries={entriesOf(message, index)}>
                <button
                  type="button"
                  className="message-row"
                  aria-pressed={draft.savedAs === message.name}
                  onClick={() => choose(message)}
                  onDoubleClick={() => runCommand('composer.send')}
                  onKeyDown={(event) => onKeyDown(event, message, index)}
                >
                  <span className="message-name">{message.name}</span>
                  {draft.savedAs === message.name && isModified(draft, messages) && (
                    <span className="message-modified" title="Changed since it was saved">
                      changed
                    </span>
                  )}
                  <span className="message-kind">{shownMessage(message).mode}</span>
                </button>
              </ContextMenu>
            </li>
          ),
        )}
      </ul>
      {messages.length === 0 && <p className="message-none">Save what you send often; it stays with the session.</p>}
    </div>
  );
}

function focusSibling(row: HTMLElement, step: number): void {
  const item = row.closest('li');
  const sibling = step > 0 ? item?.nextElementSibling : item?.previousElementSibling;
  sibling?.querySelector<HTMLElement>('button')?.focus();
}

function NameField({ name, onEnd }: { name: string; onEnd(typed: string): void }) {
  return (
    <Input
      aria-label="Name of the message"
      autoFocus
      defaultValue={name}
      onFocus={(event) => event.target.select()}
      onBlur={(event) => onEnd(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.value = name;
        if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}
