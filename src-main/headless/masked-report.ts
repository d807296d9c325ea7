// A report without secrets: it is kept and sent around.
import { MASK, SecretMask } from '../workspace/secret-mask.ts';
import type { VariableScope } from '../workspace/variables.ts';
import type { MessageReport } from './message-report.ts';
import type { SessionReport } from './session-run.ts';

/** Of the secrets that a run's variables have. */
export function maskOf(variables: VariableScope): SecretMask {
  const mask = new SecretMask();
  for (const { secret, value } of variables.list()) if (secret && value !== undefined) mask.add(value);
  return mask;
}

/** Without secrets, even those that messages told. */
export function masked(whole: SessionReport, mask: SecretMask): SessionReport {
  const { session, steps, messages, calls } = whole;
  return {
    ...whole,
    session: mask.text(session),
    steps: steps.map(({ step, error, ...result }) => ({
      ...result,
      step: mask.text(step),
      error: error === null ? null : mask.text(error),
    })),
    messages: messages.map((message) => maskedMessage(message, mask)),
    ...(calls && {
      calls: calls.map(({ message, ...call }) => ({ ...call, ...(message && { message: mask.text(message) }) })),
    }),
  };
}

function maskedMessage({ text, json, base64, details, ...message }: MessageReport, mask: SecretMask): MessageReport {
  const tells = base64 !== undefined && mask.finds(Buffer.from(base64, 'base64').toString('utf8'));
  return {
    ...message,
    ...(text !== undefined && { text: mask.text(text) }),
    ...(json !== undefined && { json: mask.data(json) }),
    ...(base64 !== undefined && { base64: tells ? MASK : base64 }),
    ...(details && { details: mask.data(details) as NonNullable<MessageReport['details']> }),
  };
}
