// How a server turns down what is no good WebSocket handshake: the HTTP answer, and the words for the timeline.
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Problem } from '../../core/event.ts';

export interface Refusal {
  status: number;
  headers: { [name: string]: string };
  problem: Problem;
}

/** A refusal if the request is for another path than the server's; undefined accepts any. The query does not count. */
export function refusalOfPath(request: IncomingMessage, path: string | undefined): Refusal | undefined {
  const asked = (request.url ?? '/').split('?', 1)[0] ?? '/';
  if (path === undefined || asked === path) return undefined;
  return {
    status: 404,
    headers: {},
    problem: { what: `The client asks for ${asked}.`, why: `This server is at ${path}.`, next: `Connect to ${path}.` },
  };
}

export function tooMany(limit: number): Refusal {
  return {
    status: 503,
    headers: {},
    problem: {
      what: `The limit of ${limit} connections is reached.`,
      why: 'The settings of this server allow no more at the same time.',
      next: 'Close a connection, or allow more.',
    },
  };
}

/** For what `ws` objects to in an upgrade request (RFC 6455 §4.2.1, §4.4). */
export function refusalOfHandshake(error: Error, request: IncomingMessage): Refusal {
  const problem = {
    what: `${error.message}.`,
    why: 'The request is no valid WebSocket handshake.',
    next: 'Use a WebSocket client of RFC 6455.',
  };
  if (error.message.includes('method')) return { status: 405, headers: { Allow: 'GET' }, problem };
  if (error.message.includes('Version')) {
    const version = request.headers['sec-websocket-version'];
    const why = `The client speaks version ${version ?? '(none)'}; this server speaks 13.`;
    return { status: 426, headers: { 'Sec-WebSocket-Version': '13' }, problem: { ...problem, why } };
  }
  return { status: 400, headers: {}, problem };
}

/** For what the HTTP parser objects to. */
export function refusalOfParser(error: NodeJS.ErrnoException, problem: Problem): Refusal {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return {
        status: 408,
        headers: {},
        problem: {
          what: 'The client did not finish its request in time.',
          why: 'It sends nothing, or too slowly.',
          next: 'The handshake timeout can be set.',
        },
      };
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, headers: {}, problem };
    default:
      return { status: 400, headers: {}, problem };
  }
}

/** The whole answer, after which the connection ends. */
export function httpAnswer({ status, headers, problem }: Refusal): string {
  const body = `${[problem.what, problem.why, problem.next].filter(Boolean).join(' ')}\n`;
  const lines = Object.entries({
    Connection: 'close',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', body].join('\r\n');
}
