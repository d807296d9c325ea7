// Rules of a scripted gRPC method: when each holds, what it sends, how it ends the call.
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { Duration, GrpcAnswer, GrpcReply, SavedMessage } from '../../src-main/core/session-config.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { useListKeys } from '../ui/list-keys.ts';
import { Select } from '../ui/select.tsx';
import { SwitchField } from '../ui/switch.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import { changeMatchKind, type MatchKind, matchError, matchOf, withDelay, withMatchText } from './answer-edit.ts';
import { DurationField, durationOf } from './duration-field.tsx';
import { MetadataTable } from './metadata-table.tsx';
import { replyError, replyOfText, replyText, withAnswerKey } from './mock-edit.ts';
import { RuleList } from './rule-list.tsx';
import { StatusFields } from './status-fields.tsx';

const MOMENTS = [
  { value: 'start', label: 'the call begins', hint: 'before its first message' },
  { value: 'message', label: 'a message comes', hint: 'each that fits' },
  { value: 'end', label: 'the client has sent all' },
] as const;

const MATCHES: readonly { value: MatchKind; label: string }[] = [
  { value: 'any', label: 'whatever it says' },
  { value: 'json', label: 'its JSON has' },
  { value: 'contains', label: 'its JSON contains' },
  { value: 'matches', label: 'its JSON matches' },
];

/** Kinds of a reply: written here, a wait, or a saved message, whose name follows. */
const WRITTEN = 'json';
const WAIT = 'wait';
const SAVED = 'saved:';

export interface CallAnswersProps {
  answers: readonly GrpcAnswer[];
  messages: readonly SavedMessage[];
  onChange(answers: GrpcAnswer[]): void;
}

const BLANK: GrpcAnswer = { on: 'message', reply: [{ json: {} }] };

export function CallAnswers({ answers, messages, onChange }: CallAnswersProps) {
  return (
    <RuleList heading="Rules, in order" rules={answers} blank={BLANK} onChange={onChange}>
      {(answer, number, change) => <AnswerForm answer={answer} number={number} messages={messages} onChange={change} />}
    </RuleList>
  );
}

interface AnswerFormProps {
  answer: GrpcAnswer;
  number: number;
  messages: readonly SavedMessage[];
  onChange(answer: GrpcAnswer): void;
}

function AnswerForm({ answer, number, messages, onChange }: AnswerFormProps) {
  const on = answer.on ?? 'message';
  const match = matchOf(answer);
  const error = matchError(match);
  return (
    <div className="answer-form">
      <Field label="When">
        {({ id }) => (
          <Select
            id={id}
            label={`Rule ${number}: when`}
            options={MOMENTS}
            value={on}
            onChange={(next) => onChange(withAnswerKey(answer, 'on', next))}
          />
        )}
      </Field>
      {on === 'message' && (
        <Field label="and" error={error}>
          {(ids) => (
            <div className="answer-line">
              <Select
                label={`Rule ${number}: match`}
                options={MATCHES}
                value={match.kind === 'text' || match.kind === 'hex' ? 'any' : match.kind}
                onChange={(kind) => onChange(changeMatchKind(answer, kind))}
              />
              {match.kind !== 'any' && (
                <VariableInput
                  {...ids}
                  data
                  aria-label={`Rule ${number}: what to match`}
                  value={match.text}
                  placeholder={match.kind === 'json' ? '{"user": "ada"}' : undefined}
                  invalid={error !== undefined}
                  onChange={(event) => onChange(withMatchText(answer, match.kind, event.target.value))}
                />
              )}
            </div>
          )}
        </Field>
      )}
      <Replies answer={answer} number={number} messages={messages} onChange={onChange} />
      <DurationField
        label={(answer.reply?.length ?? 0) > 1 ? 'Each after' : 'After'}
        value={answer.delay}
        placeholder="0ms"
        onChange={(delay) => onChange(withDelay(answer, delay))}
      />
      <SwitchField
        label="Then end the call"
        checked={answer.status !== undefined}
        onChange={(checked) =>
          onChange(
            checked
              ? withAnswerKey(answer, 'status', { code: 'OK' })
              : withAnswerKey(withAnswerKey(answer, 'status', undefined), 'trailers', undefined),
          )
        }
      />
      {answer.status && (
        <>
          <StatusFields
            label={`Rule ${number}: status`}
            status={answer.status}
            onChange={(status) => onChange(withAnswerKey(answer, 'status', status))}
          />
          <MetadataTable
            label="Trailers"
            metadata={answer.trailers}
            onChange={(trailers) => onChange(withAnswerKey(answer, 'trailers', trailers))}
          />
        </>
      )}
    </div>
  );
}

function Replies({ answer, number, messages, onChange }: AnswerFormProps) {
  const replies = answer.reply ?? [];
  const { keys, remove } = useListKeys(replies.length);
  const write = (next: GrpcReply[]) => onChange(withAnswerKey(answer, 'reply', next.length > 0 ? next : undefined));
  return (
    <>
      {replies.map((reply, index) => (
        <ReplyRow
          key={keys[index]}
          reply={reply}
          at={index}
          number={number}
          messages={messages}
          onChange={(next) => write(replies.map((each, at) => (at === index ? next : each)))}
          onRemove={() => {
            remove(index);
            write(replies.filter((_, at) => at !== index));
          }}
        />
      ))}
      <div className="answer-more">
        <Button variant="ghost" icon={Plus} onClick={() => write([...replies, { json: {} }])}>
          {replies.length === 0 ? 'Send a message' : 'Send another'}
        </Button>
        {replies.length > 0 && (
          <Button variant="ghost" icon={Plus} onClick={() => write([...replies, { wait: '1s' }])}>
            Wait
          </Button>
        )}
      </div>
    </>
  );
}

interface ReplyRowProps {
  reply: GrpcReply;
  at: number;
  /** Of the rule. */
  number: number;
  messages: readonly SavedMessage[];
  onChange(reply: GrpcReply): void;
  onRemove(): void;
}

function ReplyRow({ reply, at, number, messages, onChange, onRemove }: ReplyRowProps) {
  const { kind, text } = replyText(reply);
  const error = replyError(reply);
  const kinds = [
    { value: WRITTEN, label: 'JSON' },
    { value: WAIT, label: 'Wait' },
    ...messages.map(({ name }) => ({ value: `${SAVED}${name}`, label: name, hint: 'saved' })),
  ];
  const choose = (next: string) => {
    if (next === WRITTEN) onChange({ json: {} });
    else onChange(next === WAIT ? { wait: '1s' } : next.slice(SAVED.length));
  };
  return (
    <Field label={at === 0 ? 'Send' : 'then'} error={error}>
      {(ids) => (
        <div className="answer-line">
          <Select
            label={`Rule ${number}: reply ${at + 1}`}
            options={kinds}
            value={kind === 'saved' ? `${SAVED}${text}` : kind}
            onChange={choose}
          />
          {kind === 'json' && (
            <VariableInput
              {...ids}
              data
              aria-label={`Rule ${number}: message ${at + 1}`}
              value={text}
              invalid={error !== undefined}
              onChange={(event) => onChange(replyOfText(event.target.value))}
            />
          )}
          {kind === 'wait' && (
            <WaitInput
              id={ids.id}
              label={`Rule ${number}: wait ${at + 1}`}
              text={text}
              onChange={(wait) => onChange({ wait })}
            />
          )}
          <IconButton label={`Remove message ${at + 1} of rule ${number}`} icon={X} onClick={onRemove} />
        </div>
      )}
    </Field>
  );
}

/** Keeps what is typed until it is a duration. */
function WaitInput({
  id,
  label,
  text,
  onChange,
}: {
  id: string;
  label: string;
  text: string;
  onChange(wait: Duration): void;
}) {
  const [typed, setTyped] = useState<string>();
  const isBroken = typed !== undefined && durationOf(typed.trim()) === undefined;
  return (
    <Input
      id={id}
      data
      className="input-number"
      aria-label={label}
      title={isBroken ? 'A duration such as 250ms, 2s or 1m.' : undefined}
      invalid={isBroken}
      value={typed ?? text}
      onChange={(event) => {
        setTyped(event.target.value);
        const wait = durationOf(event.target.value.trim());
        if (wait !== undefined) onChange(wait);
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}
