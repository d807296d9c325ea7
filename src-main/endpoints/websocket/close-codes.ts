// How a WebSocket was closed, in words.
import { CLOSE_CODES } from '../../core/dissect/websocket/format.ts';

/** `1000 normal closure`, `4001`; with the reason, if there is one, in quotation marks. */
export function closeWords(code: number, reason: string): string {
  const words = CLOSE_CODES[code];
  return `${code}${words ? ` ${words}` : ''}${reason ? ` “${reason}”` : ''}`;
}
