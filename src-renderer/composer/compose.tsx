// Saved messages beside the editor; below it what would be sent, or what is wrong.
import { FolderOpen, Sparkles, WandSparkles } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { bridge } from '../bridge/bridge.ts';
import { MessageForm } from '../message-form/message-form.tsx';
import { CommandIconButton } from '../shell/command-button.tsx';
import { useCommand } from '../shell/commands.ts';
import { EDITOR_INPUT } from '../shell/panes.ts';
import { type ComposeView, usePreferences } from '../stores/preferences.ts';
import { reportProblem } from '../stores/problem.ts';
import { pickSessionPaths } from '../stores/session-files.ts';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { formatBytesExact } from '../ui/format.ts';
import { Segments } from '../ui/tabs.tsx';
import { showToast } from '../ui/toast.tsx';
import type { Composed } from './composed-type.ts';
import { formatJson, type Mode, readContent } from './content.ts';
import { changeMode, type Draft, draftOf, editDraft, useDraft } from './draft-store.ts';
import { MessageList } from './message-list.tsx';
import { PlainEditor } from './plain-editor.tsx';
import { saveDraft } from './sending.ts';
import { type Check, useCheck } from './use-check.ts';

const Editor = lazy(() => import('./editor.tsx'));

/** A gRPC message as JSON can be written in two ways, or in both side by side. */
type Way = Mode | ComposeView;

const MODE_OPTIONS: { value: Way; label: string }[] = [
  { value: 'text', label: 'Text' },
  { value: 'json', label: 'JSON' },
  { value: 'hex', label: 'Hex' },
  { value: 'base64', label: 'Base64' },
  { value: 'file', label: 'File' },
];

const MESSAGE_OPTIONS: { value: Way; label: string }[] = [
  { value: 'json', label: 'JSON' },
  { value: 'form', label: 'Form' },
  { value: 'both', label: 'Both' },
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

export interface ComposeProps {
  session: SessionState;
  /** Of a gRPC session. */
  composed: Composed | undefined;
}

export function Compose({ session, composed }: ComposeProps) {
  const { id } = session;
  const type = composed?.type;
  const draft = useMessageDraft(id, composed !== undefined);
  const view = usePreferences((state) => state.composeView);
  const typed = draft.mode === 'json' && type !== undefined ? { session: id, type } : undefined;
  const check = useCheck(composed && draft.text.trim() === '' ? { ...draft, text: '{}' } : draft, typed);
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
  const choose = (way: Way) => {
    if (type !== undefined && (way === 'json' || isForm(way))) usePreferences.setState({ composeView: way });
    changeMode(id, isForm(way) ? 'json' : way);
  };
  const example = async () => {
    if (type === undefined) return;
    try {
      const { json } = await bridge.call('schema.example', { session: id, type });
      const before = draftOf(id);
      editDraft(id, { mode: 'json', text: formatJson(json) });
      if (/^\s*(\{\s*\})?\s*$/.test(before.text)) return;
      showToast({
        text: 'The example replaced what stood in the composer.',
        action: { label: 'Undo', run: () => editDraft(id, before) },
      });
    } catch (error) {
      reportProblem(error);
    }
  };
  useCommand('grpc.example', () => void example(), type !== undefined);
  useCommand('composer.save', () => void save(false));
  useCommand('composer.saveAs', () => void save(true));
  return (
    <div className="compose">
      <MessageList session={session} naming={naming} onNaming={setNaming} />
      <div className="compose-main" ref={element}>
        <div className="compose-modes">
          <Segments
            label="Format"
            options={optionsOf(composed)}
            value={composed && draft.mode === 'json' && type !== undefined ? view : draft.mode}
            onChange={choose}
          />
          {draft.mode === 'json' && (
            <CommandIconButton command="composer.format" icon={WandSparkles} disabled={!isJson} />
          )}
          {type !== undefined && (
            <CommandIconButton command="grpc.example" icon={Sparkles} disabled={draft.mode !== 'json'} />
          )}
          <CheckLine check={check} isEmpty={draft.text.trim() === ''} type={type} />
        </div>
        <div className="compose-body">
          {draft.mode === 'file' && (
            <FileChoice session={id} path={draft.text} onChange={(text) => editDraft(id, { text })} />
          )}
          {draft.mode !== 'file' && !(typed && view === 'form') && (
            <div className="compose-text">
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
                  placeholder={composed ? '{}' : PLACEHOLDERS[draft.mode]}
                  proto={typed}
                  error={check && !check.ok ? check.error : undefined}
                  caret={caret}
                  onChange={(text) => editDraft(id, { text })}
                />
              </Suspense>
            </div>
          )}
          {typed && view !== 'json' && (
            <div className="compose-form">
              <MessageForm {...typed} text={draft.text} onChange={(text) => editDraft(id, { text })} />
            </div>
          )}
        </div>
      </div>
    </div>
  );
}

function optionsOf(composed: Composed | undefined): typeof MODE_OPTIONS {
  if (!composed) return MODE_OPTIONS;
  // Without a type there are no fields to show.
  return composed.type === undefined ? MESSAGE_OPTIONS.filter(({ value }) => !isForm(value)) : MESSAGE_OPTIONS;
}

function isForm(way: Way): way is 'form' | 'both' {
  return way === 'form' || way === 'both';
}

/** A draft that is begun for gRPC, or was text, is a message as JSON. */
function useMessageDraft(session: string, isMessage: boolean): Draft {
  const draft = useDraft(session);
  const isText = isMessage && draft.mode === 'text';
  useEffect(() => {
    if (isText) editDraft(session, { mode: 'json' });
  }, [session, isText]);
  return isText ? { ...draft, mode: 'json' } : draft;
}

interface CheckLineProps {
  check: Check | undefined;
  isEmpty: boolean;
  /** Of a gRPC message. */
  type: string | undefined;
}

/** The type and the size, or the error in full. */
function CheckLine({ check, isEmpty, type }: CheckLineProps) {
  if (check && !check.ok) {
    return (
      <span
        className={isEmpty && type === undefined ? 'compose-check' : 'compose-check compose-error'}
        role="status"
        title={check.error}
      >
        {check.error}
      </span>
    );
  }
  return (
    <span className="compose-check data" role="status">
      {[type, check && formatBytesExact(check.sizeBytes)].filter(Boolean).join('  ')}
    </span>
  );
}

interface FileChoiceProps {
  session: string;
  path: string;
  onChange(path: string): void;
}

function FileChoice({ session, path, onChange }: FileChoiceProps) {
  const choose = async () => {
    try {
      const [chosen] = await pickSessionPaths(session, 'File to send');
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
