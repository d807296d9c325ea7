// Rules about whole payloads: close codes and reasons (RFC 6455), compressed messages (RFC 7692).
import { scanUtf8, UTF8_ACCEPT, UTF8_REJECT } from '../bytes.ts';
import type { InflatedMessage } from './deflate.ts';
import { WebSocketNote as Note } from './format.ts';

/** Notes on the payload of a close frame (RFC 6455 §5.5.1, §7.4). `whole`: all of it is here. */
export function closeNotes(payload: Uint8Array, whole: boolean): number {
  if (payload.length === 0) return 0;
  if (payload.length === 1) return whole ? Note.closeLength : 0;
  const code = (payload[0]! << 8) | payload[1]!;
  let notes = 0;
  if (code < 1000 || code > 4999) notes = Note.closeCodeInvalid;
  else if (code === 1004 || code === 1005 || code === 1006 || code === 1015) notes = Note.closeCodeForbidden;
  else if (code > 1015 && code < 3000) notes = Note.closeCodeUnassigned;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const state = scanUtf8(UTF8_ACCEPT, payload, view, 2, payload.length, 0, 0);
  if (state === UTF8_REJECT || (whole && state !== UTF8_ACCEPT)) notes |= Note.closeReasonText;
  return notes;
}

/** Notes on how a message inflated. */
export function inflateNotes(message: InflatedMessage): number {
  let notes = 0;
  if (message.outcome === 'failed') notes = Note.inflateFailed;
  else if (message.outcome === 'lost') notes = Note.contextLost;
  else if (message.outcome === 'limit') notes = Note.inflateLimit;
  if (message.finalBlock) notes |= Note.finalBlock;
  if (message.dataAfterFinal) notes |= Note.dataAfterFinal;
  return notes;
}
