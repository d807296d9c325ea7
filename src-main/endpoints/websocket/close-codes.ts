// The words for close codes (RFC 6455 §7.4.1 and the IANA registry).

const NAMES: { readonly [code: number]: string } = {
  1000: 'normal closure',
  1001: 'going away',
  1002: 'protocol error',
  1003: 'unsupported data',
  1005: 'no code given',
  1006: 'cut off without a close frame',
  1007: 'invalid payload',
  1008: 'policy violation',
  1009: 'message too big',
  1010: 'extension missing',
  1011: 'internal error',
  1012: 'service restart',
  1013: 'try again later',
  1014: 'bad gateway',
  1015: 'TLS failure',
};

/** `1000 normal closure`, `4001`; with the reason, if there is one, in quotation marks. */
export function closeWords(code: number, reason: string): string {
  const name = NAMES[code];
  return `${code}${name ? ` ${name}` : ''}${reason ? ` “${reason}”` : ''}`;
}
