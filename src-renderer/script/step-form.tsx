// A step's small form, under its row.
import type { Content, SessionConfig, Step } from '../../src-main/core/session-config.ts';
import { CLOSE_CODES, closeCodeRemark } from '../composer/close-codes.ts';
import { DurationField } from '../settings/duration-field.tsx';
import { FileField } from '../settings/file-field.tsx';
import { JsonField } from '../settings/json-field.tsx';
import { Field, NumberField, TextField } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { VariableArea, VariableInput } from '../variables/variable-input.tsx';
import { ExpectForm } from './expect-form.tsx';
import { asKind, type ContentKind, contentKind } from './step-edit.ts';
import type { SendLinesStep, SendStep } from './step-text.ts';

export interface StepFormProps {
  step: Step;
  config: SessionConfig;
  onChange(step: Step): void;
}

/** Whether there is anything to fill in. */
export function hasForm(step: Step): step is Exclude<Step, string> {
  return typeof step !== 'string';
}

export function StepForm({ step, config, onChange }: StepFormProps) {
  if (!hasForm(step)) return null;
  return (
    <div className="step-form">
      {'send' in step && <SendForm step={step} config={config} onChange={onChange} />}
      {'sendLines' in step && <SendLinesForm step={step} config={config} onChange={onChange} />}
      {'expect' in step && (
        <ExpectForm expectation={step.expect} config={config} onChange={(expect) => onChange({ expect })} />
      )}
      {'wait' in step && (
        <DurationField label="For" value={step.wait} onChange={(wait) => onChange({ wait: wait ?? 0 })} />
      )}
      {'ping' in step && (
        <TextField
          label="Bytes as hex"
          control={VariableInput}
          data
          value={'hex' in step.ping ? step.ping.hex : 'text' in step.ping ? hexOf(step.ping.text) : undefined}
          placeholder="none"
          hint="At most 125 bytes; the pong must bring them back."
          onChange={(hex) => onChange({ ping: hex === undefined ? {} : { hex } })}
        />
      )}
      {'close' in step && <CloseForm close={step.close} config={config} onChange={(close) => onChange({ close })} />}
    </div>
  );
}

function hexOf(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** Begins the choice of a saved message; its name follows. */
const SAVED = 'saved:';

const CONTENT_OPTIONS: readonly { value: ContentKind; label: string }[] = [
  { value: 'text', label: 'Text' },
  { value: 'json', label: 'JSON' },
  { value: 'hex', label: 'Hex' },
  { value: 'base64', label: 'Base64' },
  { value: 'file', label: 'File' },
];

function SendForm({ step, config, onChange }: SendingProps<SendStep>) {
  const { send } = step;
  const messages = config.messages ?? [];
  const isSaved = typeof send === 'string';
  const names = messages.map(({ name }) => name);
  const isMissing = isSaved && !names.includes(send);
  const choose = (choice: string) => {
    if (choice.startsWith(SAVED)) return onChange({ ...step, send: choice.slice(SAVED.length) });
    const saved = isSaved ? messages.find(({ name }) => name === send) : undefined;
    const content = isSaved ? contentOf(saved) : send;
    onChange({ ...step, send: asKind(content, choice as ContentKind) });
  };
  return (
    <>
      <Field label="Message" error={isMissing ? 'There is no saved message of this name.' : undefined}>
        {(ids) => (
          <Select
            id={ids.id}
            label="What to send"
            options={[
              ...(isMissing ? [{ value: SAVED + send, label: send, hint: 'missing' }] : []),
              ...names.map((name) => ({ value: SAVED + name, label: name, hint: 'saved' })),
              ...CONTENT_OPTIONS,
            ]}
            value={isSaved ? SAVED + send : contentKind(send)}
            onChange={choose}
          />
        )}
      </Field>
      {!isSaved && <ContentField content={send} onChange={(content) => onChange({ ...step, send: content })} />}
      <MethodField step={step} config={config} onChange={onChange} />
    </>
  );
}

interface SendingProps<S extends SendStep | SendLinesStep> {
  step: S;
  config: SessionConfig;
  onChange(step: S): void;
}

/** Which method is called; of gRPC. */
function MethodField<S extends SendStep | SendLinesStep>({ step, config, onChange }: SendingProps<S>) {
  if (config.protocol !== 'grpc') return null;
  return (
    <TextField
      label="Method"
      data
      value={step.method}
      placeholder={config.grpc?.method ?? 'package.Service/Method'}
      hint="Empty: the session’s."
      onChange={(method) => {
        const { method: _old, ...rest } = step;
        onChange((method === undefined ? rest : { ...rest, method }) as S);
      }}
    />
  );
}

function SendLinesForm({ step, config, onChange }: SendingProps<SendLinesStep>) {
  const { file, pause } = step.sendLines;
  return (
    <>
      <FileField
        label="File"
        value={file}
        extensions={['ndjson', 'jsonl', 'json', 'txt']}
        placeholder="messages.ndjson"
        hint="A message as JSON in each line; “wait 2s” in a line stands for another wait."
        onChange={(next = '') => onChange({ ...step, sendLines: { ...step.sendLines, file: next } })}
      />
      <DurationField
        label="Pause between"
        value={pause}
        placeholder="0ms"
        onChange={(next) => onChange({ ...step, sendLines: { file, ...(next === undefined ? {} : { pause: next }) } })}
      />
      <MethodField step={step} config={config} onChange={onChange} />
    </>
  );
}

function contentOf(message: NonNullable<SessionConfig['messages']>[number] | undefined): Content {
  if (!message) return { text: '' };
  const { name: _name, ...content } = message;
  return content;
}

function ContentField({ content, onChange }: { content: Content; onChange(content: Content): void }) {
  if ('json' in content) {
    return <JsonField label="JSON" value={content.json} onChange={(json) => onChange({ json: json ?? null })} />;
  }
  const kind = contentKind(content);
  const { label } = CONTENT_OPTIONS.find(({ value }) => value === kind)!;
  const text = Object.values(content)[0] as string;
  return (
    <Field label={label}>
      {(ids) => (
        <VariableArea
          {...ids}
          rows={Math.min(8, Math.max(1, text.split('\n').length))}
          value={text}
          onChange={(event) => onChange({ [kind]: event.target.value } as Content)}
        />
      )}
    </Field>
  );
}

function closeCodeText(code: number): string {
  return closeCodeRemark(code) || (CLOSE_CODES.find((each) => each.code === code)?.meaning ?? '');
}

interface CloseFormProps {
  close: Extract<Step, { close: unknown }>['close'];
  config: SessionConfig;
  onChange(close: CloseFormProps['close']): void;
}

function CloseForm({ close, config, onChange }: CloseFormProps) {
  if (config.protocol !== 'websocket') return <p className="step-form-note">Ends the connection.</p>;
  const { code: oldCode, reason: oldReason, ...rest } = close;
  const withParts = (code: number | undefined, reason: string | undefined) =>
    onChange({ ...rest, ...(code === undefined ? {} : { code }), ...(reason === undefined ? {} : { reason }) });
  return (
    <>
      <NumberField
        label="Code"
        value={oldCode}
        min={0}
        max={65_535}
        placeholder="1000"
        hint={oldCode === undefined ? undefined : closeCodeText(oldCode)}
        onChange={(code) => withParts(code, oldReason)}
      />
      <TextField
        label="Reason"
        control={VariableInput}
        value={oldReason}
        onChange={(reason) => withParts(oldCode, reason)}
      />
    </>
  );
}
