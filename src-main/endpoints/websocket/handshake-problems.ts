// Why a WebSocket handshake did not come about: the HTTP answer that was no 101, or a 101 that was not right.
import type { IncomingMessage } from 'node:http';
import { EndpointError } from '../endpoint.ts';
import { endpointError } from '../problems.ts';

/** How much of the answer's body the details show, and how long it may take to arrive. */
const BODY_LIMIT_BYTES = 2000;
const BODY_TIMEOUT_MS = 1000;

/** What `ws` says about a request or an answer it does not accept, in words that help. */
const WRONG_ANSWERS: { readonly [message: string]: readonly [what: string, why: string, next: string] } = {
  'Invalid Upgrade header': [
    'The server switched to another protocol than WebSocket.',
    'Its 101 answer lacks “Upgrade: websocket” (RFC 6455 §4.1).',
    '',
  ],
  'Invalid Sec-WebSocket-Accept header': [
    'The server’s Sec-WebSocket-Accept is wrong.',
    'It is not made from the key that was sent: a cache or something that is no WebSocket server answered (RFC 6455 §4.1).',
    '',
  ],
  'Server sent a subprotocol but none was requested': [
    'The server chose a subprotocol, but none was offered.',
    'A server may only choose from what the client offers (RFC 6455 §4.1).',
    'Offer the subprotocol it expects; its answer on the timeline names it.',
  ],
  'Server sent an invalid subprotocol': [
    'The server chose a subprotocol that was not offered.',
    'A server may only choose from what the client offers (RFC 6455 §4.1).',
    'Offer the subprotocol it chose; its answer on the timeline names it.',
  ],
  'Server sent no subprotocol': [
    'The server accepted none of the subprotocols offered.',
    'Its answer has no Sec-WebSocket-Protocol, so the two sides would not mean the same.',
    'Check the names of the subprotocols, or offer none.',
  ],
  'Server sent a Sec-WebSocket-Extensions header but no extension was requested': [
    'The server switched an extension on that was not offered.',
    'Compression is off here, and it answered with extensions (RFC 6455 §9.1).',
    'Turn compression on.',
  ],
  'Server indicated an extension that was not requested': [
    'The server switched an extension on that was not offered.',
    'Only permessage-deflate was offered (RFC 6455 §9.1).',
    '',
  ],
  'Invalid Sec-WebSocket-Extensions header': [
    'The server’s answer about compression is wrong.',
    'Its Sec-WebSocket-Extensions does not follow RFC 7692 §7.1.',
    'Turn compression off to connect all the same.',
  ],
  'An invalid or duplicated subprotocol was specified': [
    'The subprotocols cannot be offered.',
    'One is named twice, or contains a character that is not allowed.',
    'Use each name once, without spaces and separators such as “,” or “/”.',
  ],
  'socket hang up': [
    'The server closed the connection instead of answering.',
    'It may expect TLS, speak another protocol, or be about to stop.',
    'Try wss:// instead of ws://, and check the port.',
  ],
};

/** The EndpointError behind an `error` of `ws` before it was open. */
export function handshakeError(error: unknown, address: string): EndpointError {
  const message = error instanceof Error ? error.message : '';
  const words = WRONG_ANSWERS[message];
  if (!words) return endpointError(error, { step: 'upgrade', address });
  const [what, why, next] = words;
  return new EndpointError({ what, why, next, details: message }, { cause: error });
}

/** The EndpointError behind an ordinary HTTP answer; reads the start of its body for the details. */
export async function refusalError(response: IncomingMessage, address: string): Promise<EndpointError> {
  const { statusCode = 0, statusMessage = '', headers } = response;
  const body = await bodyStart(response);
  const location = headers.location;
  const [why, next] =
    statusCode >= 300 && statusCode < 400 && location
      ? [`It redirects to ${location}.`, `Connect to ${webSocketAddress(location, address)}.`]
      : statusWords(statusCode, headers['www-authenticate']);
  const head = response.rawHeaders.flatMap((name, at, all) => (at % 2 === 0 ? [`${name}: ${all[at + 1]}`] : []));
  return new EndpointError({
    what: `${address} answered ${statusCode}${statusMessage ? ` ${statusMessage}` : ''} instead of switching to WebSocket.`,
    why,
    next,
    code: String(statusCode),
    details: [`HTTP ${statusCode} ${statusMessage}`, ...head, '', body].join('\n'),
  });
}

function statusWords(status: number, challenge: string | undefined): [why: string, next: string] {
  switch (status) {
    case 200:
      return [
        'This address serves ordinary web pages or an API.',
        'Check the path: WebSocket often has one of its own.',
      ];
    case 400:
      return ['It does not accept the request.', 'Its body, in the details, may say why; check headers and path.'];
    case 401:
      return [
        challenge ? `It wants credentials: ${challenge}.` : 'It wants credentials.',
        'Set Basic auth, an Authorization header, or the cookie it expects.',
      ];
    case 403:
      return ['It refuses this client.', 'Check the Origin, the cookies and the credentials.'];
    case 404:
      return ['There is nothing at this path.', 'Check the path.'];
    case 405:
      return ['It does not allow GET at this path.', 'Check the path: WebSocket begins with a GET.'];
    case 426:
      return ['It wants another protocol or another version.', 'Its Upgrade header, in the details, says which.'];
    case 429:
      return ['It has had too many requests.', 'Wait before trying again.'];
    case 407:
      return ['A proxy in between wants credentials.', 'Name the proxy in the settings, with user and password.'];
    default:
      return status >= 500
        ? [
            'The server, or a gateway before it, failed.',
            'Look at its log; a gateway must be told to pass WebSocket on.',
          ]
        : ['', 'Its body, in the details, may say why.'];
  }
}

/** Where a redirect leads, as a target to write in the address bar. */
function webSocketAddress(location: string, address: string): string {
  try {
    return new URL(location, `http://${address}`).href.replace(/^http/, 'ws');
  } catch {
    return location;
  }
}

function bodyStart(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let length = 0;
    const finish = () => {
      clearTimeout(timer);
      resolve(Buffer.concat(pieces).subarray(0, BODY_LIMIT_BYTES).toString());
    };
    const timer = setTimeout(finish, BODY_TIMEOUT_MS);
    response.on('data', (piece: Buffer) => {
      if (length < BODY_LIMIT_BYTES) pieces.push(piece);
      length += piece.length;
      if (length >= BODY_LIMIT_BYTES) finish();
    });
    response.on('end', finish).on('error', finish).on('close', finish);
  });
}
