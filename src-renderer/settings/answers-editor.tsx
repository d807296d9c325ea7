// Rules of a scripted server: the first that matches a message answers it.
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import type { Answer, SavedMessage } from '../../src-main/core/session-config.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Field, Input, TextField } from '../ui/field.tsx';
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
import { useListKeys } from './list-keys.ts';
import './answers-editor.css';

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

export function AnswersEditor(props: AnswersEditorProps) {
  const { answers, onChange } = props;
  const { keys, ...rows } = useListKeys(answers.length);
  const replace = (at: number, answer: Answer) =>
    onChange(answers.map((each, index) => (index === at ? answer : each)));
  const move = (from: number, to: number) => {
    const next = [...answers];
    const [answer] = next.splice(from, 1);
    if (answer) next.splice(to, 0, answer);
    rows.move(from, to);
    onChange(next);
  };
  const remove = (at: number) => {
    rows.remove(at);
    onChange(answers.filter((_, index) => index !== at));
  };
  return (
    <div className="answers">
      <h3 className="settings-heading">Rules, the first that matches answers</h3>
      <ol className="answer-list">
        {answers.map((answer, index) => (
          <li key={keys[index]} className="answer">
            <AnswerForm {...props} answer={answer} number={index + 1} onChange={(next) => replace(index, next)} />
            <div className="answer-orders">
              <IconButton
                label={`Move rule ${index + 1} up`}
                icon={ArrowUp}
                disabled={index === 0}
                onClick={() => move(index, index - 1)}
              />
              <IconButton
                label={`Move rule ${index + 1} down`}
                icon={ArrowDown}
                disabled={index === answers.length - 1}
                onClick={() => move(index, index + 1)}
              />
              <IconButton label={`Delete rule ${index + 1}`} icon={Trash2} onClick={() => remove(index)} />
            </div>
          </li>
        ))}
      </ol>
      <Button icon={Plus} onClick={() => onChange([...answers, { when: { contains: '' }, reply: [{ text: '' }] }])}>
        Add rule
      </Button>
    </div>
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
              <Input
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
                <Input
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
