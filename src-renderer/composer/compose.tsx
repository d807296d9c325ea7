// Saved messages beside the editor; below it what would be sent, or what is wrong.
import { FolderOpen, WandSparkles } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { pickPath } from '../bridge/file-picker.ts';
import { CommandIconButton } from '../shell/command-button.tsx';
import { useCommand } from '../shell/commands.ts';
import { EDITOR_INPUT } from '../shell/panes.ts';
import { reportProblem } from '../stores/problem.ts';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { formatBytesExact } from '../ui/format.ts';
import { Segments } from '../ui/tabs.tsx';
import { formatJson, type Mode, readContent } from './content.ts';
import { changeMode, draftOf, editDraft, useDraft } from './draft-store.ts';
import { MessageList } from './message-list.tsx';
import { PlainEditor } from './plain-editor.tsx';
import { saveDraft } from './sending.ts';
import { useCheck } from './use-check.ts';

const Editor = lazy(() => import('./editor.tsx'));

const MODE_OPTIONS: { value: Mode; label: string }[] = [
  { value: 'text', label: 'Text' },
  { value: 'json', label: 'JSON' },
  { value: 'hex', label: 'Hex' },
  { value: 'base64', label: 'Base64' },
  { value: 'file', label: 'File' },
];

const PLACEHOLDERS: { readonly [M in Mode]: string } = {
  text: 'Text to send, exactly as typed',
  json: '{"type": "hello"}',
  hex: '48 65 6c 6c 6f',
  base64: 'SGVsbG8=',
  file: '',
};

export function Compose({ session }: { session: SessionState }) {
  const { id } = session;
  const draft = useDraft(id);
  const [naming, setNaming] = useState<string>();
  const element = useRef<HTMLDivElement>(null);
  const caret = useRef<number>(undefined);
  const isJson = draft.mode === 'json' && readContent('json', draft.text).ok;
  useCommand('composer.format', () => editDraft(id, { text: formatJson(draftOf(id).text) }), isJson);
  useCommand('composer.focus', () => {
    element.current?.querySelector<HTMLElement>(`${EDITOR_INPUT}, .file-choice input`)?.focus();
  });
  const save = async (asNew: boolean) => {
    const before = draftOf(id).savedAs;
    const name = await saveDraft(session, asNew);
    if (name !== undefined && name !== before) setNaming(name);
  };
  useCommand('composer.save', () => void save(false));
  useCommand('composer.saveAs', () => void save(true));
  return (
    <div className="compose">
      <MessageList session={session} naming={naming} onNaming={setNaming} />
      <div className="compose-main" ref={element}>
        <div className="compose-modes">
          <Segments
            label="Format"
            options={MODE_OPTIONS}
            value={draft.mode}
            onChange={(mode) => changeMode(id, mode)}
          />
          {draft.mode === 'json' && (
            <CommandIconButton command="composer.format" icon={WandSparkles} disabled={!isJson} />
          )}
          <CheckLine session={session} />
        </div>
        <div className="compose-body">
          {draft.mode === 'file' ? (
            <FileChoice path={draft.text} onChange={(text) => editDraft(id, { text })} />
          ) : (
            <Suspense
              fallback={
                <PlainEditor
                  text={draft.text}
                  placeholder={PLACEHOLDERS[draft.mode]}
                  caret={caret}
                  onChange={(text) => editDraft(id, { text })}
                />
              }
            >
              <Editor
                session={id}
                mode={draft.mode}
                text={draft.text}
                placeholder={PLACEHOLDERS[draft.mode]}
                caret={caret}
                onChange={(text) => editDraft(id, { text })}
              />
            </Suspense>
          )}
        </div>
      </div>
    </div>
  );
}

/** The size, or the error in full. */
function CheckLine({ session }: { session: SessionState }) {
  const draft = useDraft(session.id);
  const check = useCheck(draft);
  if (!check) return <span className="compose-check" />;
  if (!check.ok) {
    const empty = draft.text.trim() === '';
    return (
      <span className={empty ? 'compose-check' : 'compose-check compose-error'} role="status" title={check.error}>
        {check.error}
      </span>
    );
  }
  return (
    <span className="compose-check data" role="status">
      {formatBytesExact(check.sizeBytes)}
    </span>
  );
}

function FileChoice({ path, onChange }: { path: string; onChange(path: string): void }) {
  const choose = async () => {
    try {
      const chosen = await pickPath('File to send');
      if (chosen) onChange(chosen);
    } catch (error) {
      reportProblem(error);
    }
  };
  return (
    <div className="file-choice">
      <Input
        data
        aria-label="Path of the file to send"
        placeholder="Path of the file"
        value={path}
        onChange={(event) => onChange(event.target.value)}
      />
      <Button icon={FolderOpen} onClick={choose}>
        Choose file
      </Button>
    </div>
  );
}
