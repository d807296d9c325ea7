// Many messages into one call: the saved ones in order, or lines of JSON that are written here or come from a file.
import { FileUp } from 'lucide-react';
import { useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { pickBrowserFile } from '../bridge/file-picker.ts';
import { saveEdits } from '../stores/session-actions.ts';
import { configOf, useSessions } from '../stores/sessions.ts';
import { expectCall } from '../timeline/call-folds.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { NumberField } from '../ui/field.tsx';
import { formatPlural } from '../ui/format.ts';
import { SwitchField } from '../ui/switch.tsx';
import { Segments } from '../ui/tabs.tsx';
import { readContent, shownMessage } from './content.ts';
import { sendList, stopList, useListSending } from './list-sender.ts';
import { type Lines, readLines } from './ndjson.ts';

type Source = 'lines' | 'saved';

const EXTENSIONS = ['ndjson', 'jsonl', 'json', 'txt'];
/** A page holds no more comfortably. */
const MAX_FILE_BYTES = 50_000_000;

export function SendListDialog({ session, onClose }: { session: SessionState; onClose(): void }) {
  const saved = useSessions((state) => configOf(state, session.id)?.messages) ?? [];
  const running = useListSending((state) => state.bySession[session.id]);
  const [source, setSource] = useState<Source>('lines');
  const [text, setText] = useState('');
  const [pauseMs, setPauseMs] = useState<number | undefined>(500);
  const [endStreaming, setEndStreaming] = useState(true);
  const [problem, setProblem] = useState('');
  const lines: Lines = source === 'lines' ? readLines(text) : savedLines(saved);
  const count = lines.ok ? lines.contents.length : 0;
  const isReady = session.phase === 'open' && count > 0 && !running;

  const load = async () => {
    const file = await pickBrowserFile(EXTENSIONS);
    if (!file) return;
    setProblem(file.size > MAX_FILE_BYTES ? 'The file is larger than 50 MB: use “wirescope run” for it.' : '');
    if (file.size <= MAX_FILE_BYTES) setText(await file.text());
  };
  const start = async () => {
    if (!lines.ok) return;
    await saveEdits(session.id);
    await expectCall(session.id);
    onClose();
    await sendList(session, { contents: lines.contents, pauseMs: pauseMs ?? 0, endStreaming });
  };
  return (
    <Dialog title="Send a list" description="One message after the other into one call." open onClose={onClose}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) void start();
        }}
      >
        <div className="dialog-body">
          <div className="send-list-source">
            <Segments<Source>
              label="Messages"
              options={[
                { value: 'lines', label: 'Lines of JSON' },
                { value: 'saved', label: 'Saved messages', disabled: saved.length === 0 },
              ]}
              value={source}
              onChange={setSource}
            />
            {source === 'lines' && (
              <Button icon={FileUp} onClick={() => void load()}>
                NDJSON file…
              </Button>
            )}
          </div>
          {source === 'lines' ? (
            <textarea
              className="input data send-list-lines"
              data-dialog-entry
              aria-label="Messages, one a line"
              placeholder={'{"user": "ada", "text": "one"}\n{"user": "ada", "text": "two"}'}
              rows={8}
              spellCheck={false}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          ) : (
            <ol className="send-list-saved">
              {saved.map(({ name }) => (
                <li key={name}>{name}</li>
              ))}
            </ol>
          )}
          <p className={lines.ok && !problem ? 'field-hint' : 'field-error'}>
            {problem || (lines.ok ? formatPlural(count, 'message') : `Line ${lines.line}: ${lines.error}`)}
          </p>
          <NumberField
            label="Pause between"
            unit="ms"
            min={0}
            max={86_400_000}
            placeholder="0"
            value={pauseMs}
            onChange={setPauseMs}
          />
          <SwitchField label="End streaming after the last" checked={endStreaming} onChange={setEndStreaming} />
          {session.phase !== 'open' && <p className="field-hint">Connect first.</p>}
        </div>
        <DialogActions>
          {running && (
            <Button onClick={() => stopList(session.id)}>
              Stop after {running.sent} of {running.of}
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!isReady}>
            Send {count > 0 ? formatPlural(count, 'message') : ''}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function savedLines(messages: Parameters<typeof shownMessage>[0][]): Lines {
  const contents = [];
  for (const [index, message] of messages.entries()) {
    const { mode, text } = shownMessage(message);
    const reading = readContent(mode, text);
    if (!reading.ok) return { ok: false, error: reading.error, line: index + 1 };
    contents.push(reading.content);
  }
  return { ok: true, contents };
}
