// Answers pings. Who sends them faster than it reads the answers gets only the latest answered (RFC 6455 §5.5.3), so
// that they do not pile up; `ws` by itself would cut the connection at a burst.
import type WebSocket from 'ws';

/** So many pongs, of at most 131 bytes each, may be on their way. */
const PENDING_PONGS = 1024;

/** `onSkipped`: called once, when a ping goes without an answer of its own. */
export function answerPings(ws: WebSocket, onSkipped: () => void): void {
  let pending = 0;
  let owed: Buffer | undefined;
  let skipped = false;

  function answer(payload: Buffer): void {
    if (ws.readyState !== ws.OPEN) return;
    if (pending < PENDING_PONGS) {
      pending++;
      ws.pong(payload, undefined, sent);
      return;
    }
    if (owed && !skipped) {
      skipped = true;
      onSkipped();
    }
    owed = payload;
  }

  function sent(): void {
    pending--;
    const payload = owed;
    owed = undefined;
    if (payload) answer(payload);
  }

  ws.on('ping', answer);
}
