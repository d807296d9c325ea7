// Rules of a scripted gRPC method: when each holds, what it sends, how it ends the call.
import { Plus, X } from 'lucide-react';
import type { GrpcAnswer, SavedMessage } from '../../src-main/core/session-config.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { useListKeys } from '../ui/list-keys.ts';
import { Select } from '../ui/select.tsx';
import { SwitchField } from '../ui/switch.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import { changeMatchKind, type MatchKind, matchError, matchOf, withDelay, withMatchText } from './answer-edit.ts';
import { DurationField } from './duration-field.tsx';
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

/** Kind of a reply that is written here and not saved. */
const WRITTEN = 'json';
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
  const write = (next: NonNullable<GrpcAnswer['reply']>) =>
    onChange(withAnswerKey(answer, 'reply', next.length > 0 ? next : undefined));
  const replace = (at: number, reply: NonNullable<GrpcAnswer['reply']>[number]) =>
    write(replies.map((each, index) => (index === at ? reply : each)));
  const kinds = [
    { value: WRITTEN, label: 'JSON' },
    ...messages.map(({ name }) => ({ value: `${SAVED}${name}`, label: name, hint: 'saved' })),
  ];
  return (
    <>
      {replies.map((reply, index) => {
        const { saved, text } = replyText(reply);
        const error = replyError(reply);
        return (
          <Field key={keys[index]} label={index === 0 ? 'Send' : 'then'} error={error}>
            {(ids) => (
              <div className="answer-line">
                {kinds.length > 1 && (
                  <Select
                    label={`Rule ${number}: reply ${index + 1}`}
                    options={kinds}
                    value={saved === undefined ? WRITTEN : `${SAVED}${saved}`}
                    onChange={(kind) => replace(index, kind === WRITTEN ? { json: {} } : kind.slice(SAVED.length))}
                  />
                )}
                {saved === undefined && (
                  <VariableInput
                    {...ids}
                    data
                    aria-label={`Rule ${number}: message ${index + 1}`}
                    value={text}
                    invalid={error !== undefined}
                    onChange={(event) => replace(index, replyOfText(event.target.value))}
                  />
                )}
                <IconButton
                  label={`Remove message ${index + 1} of rule ${number}`}
                  icon={X}
                  onClick={() => {
                    remove(index);
                    write(replies.filter((_, at) => at !== index));
                  }}
                />
              </div>
            )}
          </Field>
        );
      })}
      <div className="answer-more">
        <Button variant="ghost" icon={Plus} onClick={() => write([...replies, { json: {} }])}>
          {replies.length === 0 ? 'Send a message' : 'Send another'}
        </Button>
      </div>
    </>
  );
}
