// What a framing lacks, in words for who types it: pure.
import type { TcpConfig } from '../../src-main/core/session-config.ts';

/** Hex of the delimiter, checked as it is typed. */
export function delimiterError(hex: string | undefined): string | undefined {
  if (!hex) return 'The bytes that end a message, as hex: 0d0a.';
  return /^([0-9a-f]{2})+$/i.test(hex) ? undefined : 'Whole bytes of hex, as 0d0a.';
}

/** Why nothing can be cut by this framing. */
export function framingFault({ framing, delimiter, fixedLength }: TcpConfig): string | undefined {
  if (framing === 'delimiter' && delimiterError(delimiter)) return 'its delimiter is no whole bytes of hex';
  if (framing === 'fixed' && fixedLength === undefined) return 'its messages need a length';
  return undefined;
}
