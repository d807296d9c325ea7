// What a step of a script is called and says in one line: pure.
import type { Content, SessionConfig, Step } from '../../src-main/core/session-config.ts';

export const STEP_KINDS = ['send', 'sendLines', 'expect', 'wait', 'ping', 'close', 'endStreaming', 'cancel'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

export const STEP_LABELS: { readonly [K in StepKind]: string } = {
  send: 'Send',
  sendLines: 'Send lines',
  expect: 'Expect',
  wait: 'Wait',
  ping: 'Ping',
  close: 'Close',
  endStreaming: 'End streaming',
  cancel: 'Cancel',
};

export type ExpectStep = Extract<Step, { expect: unknown }>;
export type SendStep = Extract<Step, { send: unknown }>;
export type SendLinesStep = Extract<Step, { sendLines: unknown }>;

export function kindOf(step: Step): StepKind {
  if (typeof step === 'string') return step;
  if ('send' in step) return 'send';
  if ('sendLines' in step) return 'sendLines';
  if ('expect' in step) return 'expect';
  if ('wait' in step) return 'wait';
  return 'ping' in step ? 'ping' : 'close';
}

/** Kinds that mean something to a session's protocol. */
export function stepKinds({ protocol }: Pick<SessionConfig, 'protocol'>): StepKind[] {
  return STEP_KINDS.filter((kind) => {
    if (kind === 'ping') return protocol === 'websocket';
    return kind === 'endStreaming' || kind === 'cancel' ? protocol === 'grpc' : true;
  });
}

/** What it does beside its kind; '' if its kind says all. */
export function stepSummary(step: Step): string {
  if (typeof step === 'string') return '';
  if ('send' in step) {
    const what = typeof step.send === 'string' ? step.send : contentText(step.send);
    return step.method === undefined ? what : `${what} to ${step.method}`;
  }
  if ('sendLines' in step) {
    const { file, pause } = step.sendLines;
    const to = step.method === undefined ? '' : `to ${step.method}`;
    return [file && `of ${file}`, to, pause === undefined ? '' : `every ${durationText(pause)}`]
      .filter(Boolean)
      .join(' ');
  }
  if ('expect' in step) return expectText(step.expect);
  if ('wait' in step) return durationText(step.wait);
  if ('ping' in step) return contentText(step.ping);
  return [step.close.code, step.close.reason].filter((part) => part !== undefined).join(' ');
}

const CONDITION_WORDS: { readonly [name: string]: string } = {
  text: 'text is',
  contains: 'contains',
  matches: 'matches',
  json: 'JSON has',
  hex: 'bytes are',
  field: 'field',
  metadata: 'metadata',
  status: 'status',
};

function expectText({ direction, within, count, capture, ...conditions }: ExpectStep['expect']): string {
  // A table without rows asks for nothing yet.
  const parts = Object.entries(conditions)
    .filter(([name, value]) => name === 'json' || !isEmpty(value))
    .map(([name, value]) => `${CONDITION_WORDS[name]} ${valueText(value)}`);
  if (parts.length === 0 && count === undefined) parts.push('any message');
  return [
    direction === 'client→server' ? '↑' : direction === 'server→client' ? '↓' : '',
    count === undefined ? '' : `${count} ${count === 1 ? 'message' : 'messages'}`,
    ...parts,
    capture === undefined || isEmpty(capture) ? '' : `take ${Object.keys(capture).join(', ')}`,
    within === undefined ? '' : `within ${durationText(within)}`,
  ]
    .filter(Boolean)
    .join('  ');
}

function contentText(content: Content | Record<string, never>): string {
  const [entry] = Object.entries(content);
  if (!entry) return '';
  const [kind, value] = entry as [string, unknown];
  if (kind === 'file') return `file ${String(value)}`;
  return kind === 'hex' || kind === 'base64' ? `${kind} ${String(value)}` : valueText(value);
}

/** A number of milliseconds gets its unit. */
function durationText(duration: string | number): string {
  return typeof duration === 'number' ? `${duration}ms` : duration;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

const MAX_CHARS = 200;

function valueText(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text;
}
