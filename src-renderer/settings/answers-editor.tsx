// Rules of a scripted server: the first that matches a message answers it.
import type { Answer, SavedMessage } from '../../src-main/core/session-config.ts';
import { Field, TextField } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { SwitchField } from '../ui/switch.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import {
  changeMatchKind,
  type MatchKind,
  matchError,
  matchOf,
  REPLY_SAVED,
  replyOf,
  withClose,
  withDelay,
  withMatchText,
  withReply,
} from './answer-edit.ts';
import { DurationField } from './duration-field.tsx';
import { RuleList } from './rule-list.tsx';

const MATCH_KINDS: readonly { value: MatchKind; label: string; hint?: string }[] = [
  { value: 'any', label: 'any message' },
  { value: 'text', label: 'text is' },
  { value: 'contains', label: 'text contains' },
  { value: 'matches', label: 'text matches', hint: 'regular expression' },
  { value: 'json', label: 'JSON has', hint: 'these keys and values' },
  { value: 'hex', label: 'bytes are', hint: 'hex' },
];

export interface AnswersEditorProps {
  answers: readonly Answer[];
  messages: readonly SavedMessage[];
  canClose: boolean;
  hasCloseCode: boolean;
  onChange(answers: Answer[]): void;
}

const BLANK: Answer = { when: { contains: '' }, reply: [{ text: '' }] };

export function AnswersEditor({ answers, onChange, ...rest }: AnswersEditorProps) {
  return (
    <RuleList heading="Rules, the first that matches answers" rules={answers} blank={BLANK} onChange={onChange}>
      {(answer, number, change) => <AnswerForm {...rest} answer={answer} number={number} onChange={change} />}
    </RuleList>
  );
}

interface AnswerFormProps extends Omit<AnswersEditorProps, 'answers' | 'onChange'> {
  answer: Answer;
  number: number;
  onChange(answer: Answer): void;
}

function AnswerForm({ answer, number, messages, canClose, hasCloseCode, onChange }: AnswerFormProps) {
  const match = matchOf(answer);
  const reply = replyOf(answer);
  const error = matchError(match);
  const replyKinds = [
    { value: 'none', label: 'nothing' },
    { value: 'text', label: 'text' },
    { value: 'hex', label: 'hex' },
    ...messages.map(({ name }) => ({ value: `${REPLY_SAVED}${name}`, label: name, hint: 'saved' })),
  ];
  return (
    <div className="answer-form">
      <Field label="When" error={error}>
        {(ids) => (
          <div className="answer-line">
            <Select
              label={`Rule ${number}: match`}
              options={MATCH_KINDS}
              value={match.kind}
              onChange={(kind) => onChange(changeMatchKind(answer, kind))}
            />
            {match.kind !== 'any' && (
              <VariableInput
                {...ids}
                data
                aria-label={`Rule ${number}: what to match`}
                value={match.text}
                invalid={error !== undefined}
                onChange={(event) => onChange(withMatchText(answer, match.kind, event.target.value))}
              />
            )}
          </div>
        )}
      </Field>
      {reply.more > 0 ? (
        <p className="settings-note">Sends {reply.more + 1} messages; edit them in the session’s file.</p>
      ) : (
        <Field label="Send">
          {(ids) => (
            <div className="answer-line">
              <Select
                label={`Rule ${number}: reply`}
                options={replyKinds}
                value={reply.kind}
                onChange={(kind) => onChange(withReply(answer, kind, reply.text))}
              />
              {(reply.kind === 'text' || reply.kind === 'hex') && (
                <VariableInput
                  {...ids}
                  data
                  aria-label={`Rule ${number}: what to send`}
                  value={reply.text}
                  onChange={(event) => onChange(withReply(answer, reply.kind, event.target.value))}
                />
              )}
            </div>
          )}
        </Field>
      )}
      <DurationField
        label="After"
        value={answer.delay}
        placeholder="0ms"
        onChange={(delay) => onChange(withDelay(answer, delay))}
      />
      {canClose && (
        <SwitchField
          label="Then end the connection"
          checked={answer.close !== undefined}
          onChange={(on) => onChange(withClose(answer, on ? (hasCloseCode ? { code: 1000 } : {}) : undefined))}
        />
      )}
      {answer.close && hasCloseCode && (
        <>
          <TextField
            label="Code"
            data
            value={answer.close.code === undefined ? '' : String(answer.close.code)}
            onChange={(code) => {
              const { code: _old, ...rest } = answer.close ?? {};
              onChange(withClose(answer, /^\d+$/.test(code ?? '') ? { ...rest, code: Number(code) } : rest));
            }}
          />
          <TextField
            label="Reason"
            control={VariableInput}
            value={answer.close.reason}
            onChange={(reason) => {
              const { reason: _old, ...rest } = answer.close ?? {};
              onChange(withClose(answer, reason === undefined ? rest : { ...rest, reason }));
            }}
          />
        </>
      )}
    </div>
  );
}
