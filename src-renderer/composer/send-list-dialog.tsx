// Many messages into one call: saved ones in rows, or lines of JSON that are written here or come from a file.
import { FileUp, ListPlus } from 'lucide-react';
import { useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { SavedMessage } from '../../src-main/core/session-config.ts';
import { bridge } from '../bridge/bridge.ts';
import { pickBrowserFile } from '../bridge/file-picker.ts';
import { editScript, showScript } from '../script/script-actions.ts';
import { reportProblem } from '../stores/problem.ts';
import { saveEdits } from '../stores/session-actions.ts';
import { configOf, useSessions } from '../stores/sessions.ts';
import { expectCall } from '../timeline/call-folds.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { NumberField } from '../ui/field.tsx';
import { formatPlural } from '../ui/format.ts';
import { SwitchField } from '../ui/switch.tsx';
import { Segments } from '../ui/tabs.tsx';
import { VariableArea } from '../variables/variable-input.tsx';
import { useComposed } from './composed-type.ts';
import { entriesOf, planOfLines, planOfRows, stepsOf } from './list-plan.ts';
import { ListRows } from './list-rows.tsx';
import { editList, type ListDraft, rowsOf, useListDraft } from './list-store.ts';

const EXTENSIONS = ['ndjson', 'jsonl', 'json', 'txt'];
/** A text field holds no more comfortably. */
const MAX_FILE_BYTES = 10_000_000;

const NONE: readonly SavedMessage[] = [];

export function SendListDialog({ session, onClose }: { session: SessionState; onClose(): void }) {
  const { id } = session;
  const saved = useSessions((state) => configOf(state, id)?.messages) ?? NONE;
  const list = useListDraft(id);
  const composed = useComposed(session, []);
  const [problem, setProblem] = useState('');
  const source = saved.length === 0 ? 'lines' : list.source;
  const pauseMs = list.pauseMs ?? 0;
  const rows = rowsOf(list, saved);
  const plan = source === 'lines' ? planOfLines(list.text, pauseMs) : planOfRows(rows, saved, pauseMs);
  // Whose shape is not known may take more than one message.
  const streams = composed?.method?.clientStreaming ?? true;
  const endStreaming = streams && list.endStreaming;
  const count = plan.ok ? plan.messages : 0;
  const isReady = session.phase === 'open' && count > 0 && !session.series;

  const start = async () => {
    if (!plan.ok) return;
    try {
      await saveEdits(id);
      await expectCall(id);
      const order = { session: id, list: entriesOf(plan.items), to: 'last', endStreaming } as const;
      await bridge.call('sessions.sendList', order);
      onClose();
    } catch (error) {
      reportProblem(error);
    }
  };
  const addToScript = () => {
    if (!plan.ok) return;
    editScript(id, (script) => [...script, ...stepsOf(plan.items, endStreaming)]);
    onClose();
    showScript(id);
  };
  return (
    <Dialog
      title="Send a list"
      description={streams ? 'One message after the other into one call.' : 'One call after the other.'}
      open
      onClose={onClose}
    >
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) void start();
        }}
      >
        <div className="dialog-body">
          <div className="send-list-source">
            <Segments<ListDraft['source']>
              label="Messages"
              options={[
                { value: 'lines', label: 'Lines of JSON' },
                { value: 'saved', label: 'Saved messages', disabled: saved.length === 0 },
              ]}
              value={source}
              onChange={(next) => editList(id, { source: next })}
            />
            {source === 'lines' && <FileButton session={id} onProblem={setProblem} />}
          </div>
          {source === 'lines' ? (
            <VariableArea
              data-dialog-entry
              aria-label="Messages, one a line"
              placeholder={'{"user": "ada", "text": "one"}\nwait 2s\n{"user": "ada", "text": "two"}'}
              rows={8}
              value={list.text}
              onChange={(event) => editList(id, { text: event.target.value })}
            />
          ) : (
            <ListRows rows={rows} saved={saved} pauseMs={pauseMs} onChange={(next) => editList(id, { rows: next })} />
          )}
          <p className={plan.ok && !problem ? 'field-hint' : 'field-error'} role="status">
            {problem || (plan.ok ? formatPlural(count, 'message') : plan.error)}
          </p>
          <NumberField
            label="Pause between"
            unit="ms"
            min={0}
            max={86_400_000}
            placeholder="0"
            hint={
              source === 'lines'
                ? 'A line “wait 2s” stands for another wait before the next message.'
                : 'Where a row names no wait of its own.'
            }
            value={list.pauseMs}
            onChange={(next) => editList(id, { pauseMs: next })}
          />
          {streams && (
            <SwitchField
              label="End streaming after the last"
              checked={list.endStreaming}
              onChange={(next) => editList(id, { endStreaming: next })}
            />
          )}
          {session.phase !== 'open' && <p className="field-hint">Connect first.</p>}
          {session.series && <p className="field-hint">Something is being sent: stop it first.</p>}
        </div>
        <DialogActions>
          <Button icon={ListPlus} disabled={count === 0} onClick={addToScript}>
            Add to script
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!isReady}>
            Send {count > 0 ? formatPlural(count, 'message') : ''}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** Puts the lines of a file into the list. */
function FileButton({ session, onProblem }: { session: string; onProblem(problem: string): void }) {
  const load = async () => {
    const file = await pickBrowserFile(EXTENSIONS);
    if (!file) return;
    const isTooLarge = file.size > MAX_FILE_BYTES;
    onProblem(isTooLarge ? 'The file is larger than 10 MB: have a script send its lines.' : '');
    if (!isTooLarge) editList(session, { text: await file.text() });
  };
  return (
    <Button icon={FileUp} onClick={() => void load()}>
      NDJSON file…
    </Button>
  );
}
