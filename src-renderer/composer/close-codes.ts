// WebSocket close codes as RFC 6455 §7.4 and the IANA registry name them.

export interface CloseCode {
  code: number;
  meaning: string;
  /** May not stand in a close frame: only reported locally. */
  reserved?: boolean;
}

export const CLOSE_CODES: readonly CloseCode[] = [
  { code: 1000, meaning: 'Normal closure' },
  { code: 1001, meaning: 'Going away' },
  { code: 1002, meaning: 'Protocol error' },
  { code: 1003, meaning: 'Unsupported data' },
  { code: 1005, meaning: 'No status received', reserved: true },
  { code: 1006, meaning: 'Abnormal closure', reserved: true },
  { code: 1007, meaning: 'Invalid payload data' },
  { code: 1008, meaning: 'Policy violation' },
  { code: 1009, meaning: 'Message too big' },
  { code: 1010, meaning: 'Extension required' },
  { code: 1011, meaning: 'Internal error' },
  { code: 1012, meaning: 'Service restart' },
  { code: 1013, meaning: 'Try again later' },
  { code: 1014, meaning: 'Bad gateway' },
  { code: 1015, meaning: 'TLS handshake', reserved: true },
];

/** What is to know about a code before it is sent; '' when nothing is odd. */
export function closeCodeRemark(code: number): string {
  const known = CLOSE_CODES.find((each) => each.code === code);
  if (known?.reserved)
    return 'Reserved: must not stand in a close frame (RFC 6455 §7.4.1). Use a raw frame to send it.';
  if (known) return '';
  if (code >= 3000 && code <= 3999) return 'For libraries and frameworks, registered with IANA.';
  if (code >= 4000 && code <= 4999) return 'For private use.';
  return 'Not a valid close code (RFC 6455 §7.4.2). Use a raw frame to send it.';
}
