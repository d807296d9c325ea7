// Node before 20 (Electron 25) ends the process by a failed assertion when HTTP/2 closes over a stream that is no real
// socket: it still writes its GOAWAY after it has asked for the end. Here the asking waits for one turn of the event loop, in
// which the GOAWAY is written. Later versions get the order right.
import { connect } from 'node:http2';
import { Duplex } from 'node:stream';

/** What stands between HTTP/2 and a stream: internal to Node, and no more than this of it is touched. */
interface StreamSocket {
  _handle: object | null;
  doShutdown(request: object): number;
}

/** Does nothing on a Node that needs nothing. */
export function mendOldNode(): void {
  if (Number.parseInt(process.versions.node, 10) >= 20) return;
  const nowhere = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() });
  const session = connect('http://localhost', { createConnection: () => nowhere });
  session.on('error', () => {});
  const streamSocket = Object.getPrototypeOf(session.socket) as StreamSocket;
  const { doShutdown } = streamSocket;
  streamSocket.doShutdown = function (this: StreamSocket, request) {
    setImmediate(() => {
      if (this._handle !== null) doShutdown.call(this, request);
    });
    return 0;
  };
  session.destroy();
}
