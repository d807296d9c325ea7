// Status codes as people write them. The names themselves are those the dissector shows.
import type { Metadata } from '@grpc/grpc-js';
import { STATUS_NAMES } from '../../core/dissect/grpc/format.ts';
import { EndpointError } from '../endpoint.ts';

/** How a call ended. */
export interface CallStatus {
  code: number;
  message: string;
  trailers: Metadata;
}

/** The number of a status given by name (`NOT_FOUND`, in any case) or number. Throws an EndpointError for any other. */
export function statusCode(status: string | number): number {
  const code = typeof status === 'number' ? status : codeNamed(status);
  if (STATUS_NAMES[code] !== undefined) return code;
  throw new EndpointError({
    what: `“${status}” is not a gRPC status.`,
    why: '',
    next: `Write a number from 0 to 16 or a name: ${STATUS_NAMES.join(', ')}.`,
  });
}

function codeNamed(name: string): number {
  if (/^\d{1,2}$/.test(name)) return Number(name);
  return (STATUS_NAMES as readonly string[]).indexOf(name.trim().toUpperCase());
}

/** `5 NOT_FOUND`; the number alone if it is none of gRPC's. */
export function statusLabel(code: number): string {
  const name = STATUS_NAMES[code];
  return name === undefined ? String(code) : `${code} ${name}`;
}
