// A gRPC call as the conversation it is: what the client said on the left, what the server said on the right, when, and
// how it ended.
import { type KeyboardEvent, useMemo } from 'react';
import type { PayloadView, RecordDetail, Row } from '../../src-main/bridge/contract.ts';
import type { Field } from '../../src-main/core/field.ts';
import { pathParts } from '../schema/call-shape.ts';
import { selectRecord } from '../timeline/timeline-store.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatBytesExact, formatDuration, formatPlural } from '../ui/format.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { StatusChip } from '../ui/status-chip.tsx';
import { CallMetadata, textOf } from './call-metadata.tsx';
import { messageLines } from './message-lines.ts';
import { StatusDetails } from './status-details.tsx';
import { type CallParts, READ_MESSAGES, useCall } from './use-call.ts';
import { Visible } from './visible.tsx';
import './call-view.css';

export function CallView({ session, detail }: { session: string; detail: RecordDetail }) {
  const { parts, problem } = useCall(session, detail.row);
  if (problem) return <ProblemView problem={problem} />;
  if (!parts) return null;
  return <Conversation session={session} detail={detail} parts={parts} />;
}

interface ConversationProps {
  session: string;
  detail: RecordDetail;
  parts: CallParts;
}

function Conversation({ session, detail, parts }: ConversationProps) {
  const { row, members, payloads, answer, end, isCut } = parts;
  const messages = members.filter((member) => member.kind === 'message');
  const turns = members.filter((member) => member.kind === 'message' || member.seq === answer?.row.seq);
  const go = (seq: number) => selectRecord(session, seq);
  return (
    <div className="call-view">
      <CallHead row={row} detail={detail} />
      <ol className="call-turns" aria-label="Conversation" onKeyDown={stepFocus}>
        {turns.map((member, index) => {
          const beforeUs = turns[index - 1]?.at ?? row.at;
          if (member.seq === answer?.row.seq)
            return <Answer key={member.seq} answer={answer} startUs={row.at} beforeUs={beforeUs} onGo={go} />;
          return (
            <Turn
              key={member.seq}
              member={member}
              startUs={row.at}
              beforeUs={beforeUs}
              payload={payloads.get(member.seq)}
              onGo={go}
            />
          );
        })}
        {isCut && (
          <li className="call-more">
            Longer than is shown here: the first {formatPlural(messages.length, 'message')}.
          </li>
        )}
        {!isCut && messages.length > READ_MESSAGES && (
          <li className="call-more">Contents of the first {READ_MESSAGES} messages only; the others in one line.</li>
        )}
        {messages.length === 0 && row.call?.durationMicroseconds === undefined && (
          <li className="call-more">No message yet.</li>
        )}
        {end && <End end={end} startUs={row.at} onGo={go} />}
        {!end && row.call?.durationMicroseconds === undefined && <li className="call-more">The call is open.</li>}
      </ol>
      {messages.length === 0 && end === undefined && row.call?.durationMicroseconds !== undefined && (
        <EmptyState
          title="The call ended without a status"
          text="The stream was reset, or the capture ends before it."
        />
      )}
    </div>
  );
}

function CallHead({ row, detail }: { row: Row; detail: RecordDetail }) {
  const fields = detail.fields[0]?.children ?? [];
  const path = textOf(fields, 'grpc.path') ?? row.summary.replace(/^→ /, '');
  const { service, method } = pathParts(path);
  const timeout = fields.find((field) => field.name === 'grpc.timeout');
  const { call } = row;
  return (
    <header className="call-head">
      <h3 className="data selectable">
        <span className="in-faint">{service}/</span>
        {method}
      </h3>
      <p className="call-facts">
        {call?.status !== undefined ? (
          <StatusChip code={call.status} />
        ) : (
          <span className="call-facts-open">{call?.durationMicroseconds === undefined ? 'open' : 'no status'}</span>
        )}
        {call?.durationMicroseconds !== undefined && <span>{formatDuration(call.durationMicroseconds)}</span>}
        {call && (
          <span>
            <span className="in-up">↑{call.clientMessages}</span>{' '}
            <span className="in-down">↓{call.serverMessages}</span>
          </span>
        )}
        {timeout && <span>deadline {durationText(timeout)}</span>}
      </p>
      <CallMetadata label="Metadata" fields={fields} />
    </header>
  );
}

function durationText(timeout: Field): string {
  return typeof timeout.value === 'number' ? formatDuration(timeout.value) : String(timeout.display ?? timeout.value);
}

interface TurnProps {
  member: Row;
  startUs: number;
  beforeUs: number;
  payload: PayloadView | undefined;
  onGo(seq: number): void;
}

function Turn({ member, startUs, beforeUs, payload, onGo }: TurnProps) {
  const { size, summary } = member;
  const lines = useMemo(() => {
    const texts = payload ? messageLines(payload) : size === 0 ? [] : [summary];
    return texts.map((text, number) => ({ number, text }));
  }, [payload, size, summary]);
  const isClient = member.direction === 1;
  return (
    <li className={isClient ? 'call-turn call-client' : 'call-turn call-server'}>
      <When atUs={member.at} startUs={startUs} beforeUs={beforeUs}>
        {formatBytesExact(member.size)}
      </When>
      <button
        type="button"
        className="call-words data"
        aria-label={`${isClient ? 'Client' : 'Server'}: ${member.summary}`}
        title="Go to the record"
        onClick={() => onGo(member.seq)}
      >
        {lines.length === 0 ? (
          <span className="in-faint">empty message</span>
        ) : (
          lines.map(({ number, text }) => (
            <span key={number} className="call-line">
              <Visible text={text} />
            </span>
          ))
        )}
      </button>
    </li>
  );
}

interface AnswerProps {
  answer: RecordDetail;
  startUs: number;
  beforeUs: number;
  onGo(seq: number): void;
}

/** The server's initial metadata. */
function Answer({ answer, startUs, beforeUs, onGo }: AnswerProps) {
  const { row, fields, notes } = answer;
  return (
    <li className="call-turn call-server">
      <When atUs={row.at} startUs={startUs} beforeUs={beforeUs}>
        answer
      </When>
      <button
        type="button"
        className="call-words data"
        aria-label={`Server, initial metadata: ${row.summary}`}
        title="Go to the record"
        onClick={() => onGo(row.seq)}
      >
        <span className="in-faint">initial metadata</span>
        {notes.map(({ text }) => (
          <span key={text} className="call-line">
            {text}
          </span>
        ))}
      </button>
      <CallMetadata label="Initial metadata" fields={fields[0]?.children ?? []} />
    </li>
  );
}

function End({ end, startUs, onGo }: { end: RecordDetail; startUs: number; onGo(seq: number): void }) {
  const fields = end.fields[0]?.children ?? [];
  const code = fields.find((field) => field.name === 'grpc.status_code')?.value;
  const message = end.row.kind === 'reset' ? end.row.summary : textOf(fields, 'grpc.status_message');
  const details = fields.find((field) => field.name === 'grpc.status_details');
  return (
    <li className="call-turn call-server">
      <When atUs={end.row.at} startUs={startUs} beforeUs={undefined}>
        end
      </When>
      <button type="button" className="call-words data" title="Go to the record" onClick={() => onGo(end.row.seq)}>
        {typeof code === 'number' ? <StatusChip code={code} /> : <span>{end.row.summary}</span>}
        {message && (
          <span className="call-line">
            <Visible text={message} />
          </span>
        )}
      </button>
      {details && <StatusDetails details={details} code={code} message={message} />}
      <CallMetadata label="Trailers" fields={fields} without={details ? 'grpc-status-details-bin' : undefined} />
    </li>
  );
}

interface WhenProps {
  atUs: number;
  startUs: number;
  /** Of the message before. */
  beforeUs: number | undefined;
  children: React.ReactNode;
}

function When({ atUs, startUs, beforeUs, children }: WhenProps) {
  return (
    <span className="call-when">
      <span>+{formatDuration(atUs - startUs)}</span>
      {beforeUs !== undefined && <span>Δ {formatDuration(atUs - beforeUs)}</span>}
      <span>{children}</span>
    </span>
  );
}

/** Arrows go from turn to turn. */
function stepFocus(event: KeyboardEvent<HTMLOListElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const turns = [...event.currentTarget.querySelectorAll<HTMLElement>('.call-words')];
  turns[turns.indexOf(document.activeElement as HTMLElement) + step]?.focus();
  event.preventDefault();
}
