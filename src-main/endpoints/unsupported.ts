// The answer to orders that a protocol has no means for.
import { type ControlCommand, EndpointError } from './endpoint.ts';

const WORDS: { readonly [type in ControlCommand['type']]: string } = {
  ping: 'pings',
  pong: 'pongs',
  close: 'a farewell',
  rawFrame: 'frames',
  halfClose: 'a half-close',
  invoke: 'calls',
  cancel: 'calls to cancel',
  finish: 'calls to end',
  kick: 'a connection to cut',
};

/** The error for a command that `protocol` cannot carry out. */
export function unsupported(command: ControlCommand, protocol: 'TCP' | 'UDP' | 'gRPC'): EndpointError {
  if (protocol === 'gRPC') {
    return new EndpointError({
      what: `gRPC has no ${WORDS[command.type].replace(/^a /, '')} to order here.`,
      why: 'The frames of HTTP/2 are sent by the library beneath.',
      next: '',
    });
  }
  return new EndpointError({
    what: `${protocol} has no ${WORDS[command.type].replace(/^a /, '')}.`,
    why: '',
    next: 'Send a message instead, if the other side knows one with that meaning.',
  });
}
