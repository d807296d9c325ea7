// The status codes of gRPC, their names, and what a person should know of them.

export const STATUS_NAMES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

/** `5 NOT_FOUND`; the number alone for codes that gRPC does not know. */
export function statusText(code: number): string {
  const name = STATUS_NAMES[code];
  return name ? `${code} ${name}` : String(code);
}

/** The number of a status that a config names by name or number; undefined for neither. */
export function statusCode(code: string | number): number | undefined {
  if (typeof code === 'number') return code;
  const index = STATUS_NAMES.indexOf(
    code
      .trim()
      .toUpperCase()
      .replace(/^\d+\s+/, '') as (typeof STATUS_NAMES)[number],
  );
  if (index >= 0) return index;
  return /^\d+$/.test(code.trim()) ? Number(code) : undefined;
}
