// Turns errors of the system, of TLS and of HTTP parsing into a Problem: what happened, why probably, what to try.
// Words only: nothing is retried, recorded or logged here.
import type { Problem } from '../core/event.ts';
import { errorCode } from '../core/system-error.ts';
import { EndpointError } from './endpoint.ts';
import { tlsProblem } from './tls/refusals.ts';

/** What was being done when it went wrong. */
export type ProblemStep =
  | 'config'
  | 'resolve'
  | 'connect'
  | 'proxy'
  | 'tls'
  | 'upgrade'
  | 'listen'
  | 'accept'
  | 'send'
  | 'receive'
  | 'close';

export interface ProblemContext {
  step: ProblemStep;
  /** `host:port` (or the file) it was about. */
  address: string;
}

/** What, why and next. */
type Words = readonly [what: string, why: string, next: string];

/**
 * The Problem of an error: an EndpointError's own, else words for its code at that step, else its own message. Never
 * throws, whatever is given.
 */
export function problemOf(error: unknown, context: ProblemContext): Problem {
  if (error instanceof EndpointError) return error.problem;
  const { step, address } = context;
  const aboutTls = tlsProblem(error, { address, side: step === 'accept' ? 'server' : 'client' });
  if (aboutTls) return aboutTls;
  const code = errorCode(error) ?? '';
  const details = error instanceof Error ? error.message : String(error);
  const [what, why, next] =
    systemWords(code, context) ?? httpWords(code, context, details) ?? fallback(step, address, details);
  return { what, why, next, ...(code === '' ? {} : { code }), details };
}

/** An EndpointError for an error, with the error as its cause. */
export function endpointError(error: unknown, context: ProblemContext): EndpointError {
  return error instanceof EndpointError ? error : new EndpointError(problemOf(error, context), { cause: error });
}

/** Somebody pressed Cancel or Stop. */
export function cancelled(): EndpointError {
  return new EndpointError({ what: 'Cancelled.', why: '', next: '', code: 'ABORT_ERR' });
}

/** Whether an error only says that somebody cancelled. */
export function isCancelled(error: unknown): boolean {
  return error instanceof EndpointError && error.problem.code === 'ABORT_ERR';
}

/** A step took longer than it may: the connecting, or, once `isConnected`, what the peer had to say. */
export function timedOut(what: string, timeoutMs: number, isConnected = false): EndpointError {
  return new EndpointError({
    what: `${what} within ${timeoutMs >= 1000 ? `${timeoutMs / 1000} s` : `${timeoutMs} ms`}.`,
    why: isConnected
      ? 'The connection stands: whatever listens there is stuck or speaks another protocol.'
      : 'The host is down, or a firewall drops the packets.',
    next: isConnected
      ? 'Check port and protocol, or allow more time in the settings.'
      : 'Check host and port, or allow more time in the settings.',
    code: 'ETIMEDOUT',
  });
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

/** Of `host:port`. */
function hostOf(address: string): string {
  return address.replace(/:\d+$/, '');
}

function systemWords(code: string, { step, address }: ProblemContext): Words | undefined {
  const aboutSocketFile = address.startsWith('unix:') ? socketFileWords(code, address) : undefined;
  if (aboutSocketFile) return aboutSocketFile;
  switch (code) {
    case 'ECONNREFUSED':
      return [
        `Nothing is listening on ${address}.`,
        'The machine answered and refused the connection.',
        'Start the server, or check the port and whether it listens on this address.',
      ];
    case 'ENOTFOUND':
      return [
        `The host name ${hostOf(address)} is not known.`,
        'No name server has an address for it.',
        'Check the spelling.',
      ];
    case 'EAI_AGAIN':
    case 'ENODATA':
      return [
        `The host name ${hostOf(address)} could not be looked up.`,
        'The name server did not answer, or has no address of this kind.',
        'Check the network connection, or use an IP address.',
      ];
    case 'ETIMEDOUT':
      return [
        `${address} did not answer.`,
        'The host is down, or a firewall drops the packets.',
        'Check host and port, and whether the machine can be reached at all.',
      ];
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return [
        `There is no way to ${address}.`,
        'The system has no route to that address.',
        'Check the network, the VPN, and whether the address family (IPv4, IPv6) is available here.',
      ];
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
      return resetWords(step, address);
    case 'EADDRINUSE':
      return [
        `${address} is already in use.`,
        'Another program, or another session, listens there.',
        'Stop it, or choose another port; port 0 takes any free one.',
      ];
    case 'EADDRNOTAVAIL':
      return [
        `${address} is not an address of this machine.`,
        step === 'listen'
          ? 'One can only listen on an own address.'
          : 'The address to bind is not one of this machine.',
        'Use 127.0.0.1, ::1, an address of a network interface, or leave it out.',
      ];
    case 'EACCES':
    case 'EPERM':
      return step === 'listen'
        ? [
            `This user may not listen on ${address}.`,
            'Ports below 1024 are reserved on most systems.',
            'Choose a port from 1024 on.',
          ]
        : [
            `The system forbids it: ${address}.`,
            'A firewall or a permission stands in the way.',
            'Check the firewall; for broadcast addresses allow broadcast in the settings.',
          ];
    case 'EMFILE':
    case 'ENFILE':
      return [
        'The system has no more sockets to give.',
        'Too many are open.',
        'Close connections, or raise ulimit -n.',
      ];
    case 'EMSGSIZE':
      return ['The message is too large for one datagram.', 'UDP carries at most 65,507 bytes.', 'Send less at once.'];
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return step === 'connect' || step === 'listen'
        ? [
            `The system cannot use ${address}.`,
            'The address family or the form of the address does not fit.',
            /^\[fe80:/i.test(address)
              ? 'Name the interface in a link-local address, as [fe80::1%eth0]:7000.'
              : 'Write it in another form, or a host name.',
          ]
        : undefined;
    case 'ENOENT':
      return [`The file ${address} does not exist.`, '', 'Check the path; it is read relative to the session file.'];
    default:
      return undefined;
  }
}

/** A socket of the file system: `unix:/path`. */
function socketFileWords(code: string, address: string): Words | undefined {
  switch (code) {
    case 'ECONNREFUSED':
      return [
        `Nothing is listening on ${address}.`,
        'There is a file of that name, but no server behind it.',
        'Start the server, which makes the socket anew, or check the path.',
      ];
    case 'EACCES':
    case 'EPERM':
      return [
        `This user may not use ${address}.`,
        'To connect, one must be allowed to write to the socket, and to look into its folder.',
        'Change the permissions, or run Wirescope as a user who has them.',
      ];
    case 'EINVAL':
    case 'ENAMETOOLONG':
      return [
        `The path of ${address} is too long.`,
        'Most systems take 107 bytes.',
        'Use a shorter path, or a link to it.',
      ];
    default:
      return undefined;
  }
}

function resetWords(step: ProblemStep, address: string): Words {
  switch (step) {
    case 'tls':
      return [
        `${address} cut the connection during the TLS handshake.`,
        'It may not speak TLS, or it refuses what this client offers.',
        'Try without TLS (ws://, tcp://), or check which TLS versions and certificates it wants.',
      ];
    case 'upgrade':
      return [
        `${address} cut the connection instead of answering the WebSocket handshake.`,
        'It may expect TLS, or speak another protocol than HTTP.',
        'Try wss:// instead of ws://, and check the port.',
      ];
    case 'proxy':
      return [`The proxy ${address} cut the connection.`, '', 'Check the kind of proxy (HTTP or SOCKS5) and its port.'];
    default:
      return [
        `${address} cut the connection.`,
        'The other side, or something between, reset it.',
        'Look at the log of the other side.',
      ];
  }
}

function httpWords(code: string, { step, address }: ProblemContext, details: string): Words | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return [
      `The headers from ${address} are too large.`,
      'More than 16 KiB of headers arrived.',
      'Make the other side send fewer: often it is cookies.',
    ];
  }
  if (code === 'ERR_INVALID_CHAR' || code === 'ERR_INVALID_HTTP_TOKEN' || code === 'ERR_HTTP_INVALID_HEADER_VALUE') {
    return [
      'A header cannot be sent.',
      'Its name or value contains a character that HTTP does not allow.',
      'Remove line breaks and characters beyond Latin-1 from the headers.',
    ];
  }
  if (code.startsWith('HPE_')) {
    return [
      step === 'accept' ? `${address} sent no valid HTTP request.` : `The answer of ${address} is not HTTP.`,
      'It may expect TLS, or speak another protocol.',
      step === 'accept'
        ? 'Check the port the client connects to, and its protocol.'
        : 'Check the port, and try wss:// instead of ws://.',
    ];
  }
  if (code.startsWith('WS_ERR_')) {
    return [
      `${address} broke the rules of WebSocket.`,
      firstLine(details),
      'The frame in question is on the timeline.',
    ];
  }
  return undefined;
}

const FAILED: { [step in ProblemStep]: (address: string) => string } = {
  config: (address) => `The settings for ${address} cannot be used.`,
  resolve: (address) => `${address} could not be looked up.`,
  connect: (address) => `The connection to ${address} failed.`,
  proxy: (address) => `The proxy ${address} did not let us through.`,
  tls: (address) => `TLS with ${address} failed.`,
  upgrade: (address) => `The WebSocket handshake with ${address} failed.`,
  listen: (address) => `Listening on ${address} failed.`,
  accept: (address) => `The connection from ${address} failed.`,
  send: (address) => `Sending to ${address} failed.`,
  receive: (address) => `Receiving from ${address} failed.`,
  close: (address) => `Closing the connection to ${address} failed.`,
};

function fallback(step: ProblemStep, address: string, details: string): Words {
  return [FAILED[step](address), firstLine(details), 'Look at the events before this one, and at the details.'];
}
