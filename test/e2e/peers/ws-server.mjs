// A WebSocket server of the npm package ws: echoes; a path /flood/N sends N messages as fast as the peer takes them.
// Prints its port.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: true });
server.on('listening', () => console.log(`${server.address().port}`));
server.on('connection', (socket, request) => {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  const count = Number(/^\/flood\/(\d+)$/.exec(request.url)?.[1] ?? 0);
  if (count > 0) flood(socket, count);
});

/** Messages are written in batches, each after the last has left, so that neither side's memory holds them all. */
function flood(socket, count) {
  const BATCH = 1000;
  let sent = 0;
  const next = () => {
    const end = Math.min(sent + BATCH, count);
    for (; sent < end - 1; sent++) socket.send(message(sent), { compress: false });
    socket.send(message(sent++), { compress: false }, () => sent < count && next());
  };
  next();
}

function message(number) {
  return JSON.stringify({ type: 'tick', number, symbol: 'WSCP', price: 100 + (number % 7) }).padEnd(100);
}
