// What may stand under `json:` in a session: a value that JSON can say, and that files and transports can carry.

/** Far deeper than anybody writes by hand, and less than any encoder on the way gives up at. */
export const MAX_JSON_DEPTH = 64;

/** Why a value is no JSON to be sent, as the end of a sentence; undefined if it is. Bounded in depth, never throws. */
export function jsonFault(value: unknown, depth = 0): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : `JSON has no ${value}`;
    case 'object':
      return value === null ? undefined : faultWithin(value, depth + 1);
    default:
      return `JSON has no ${typeof value}`;
  }
}

function faultWithin(value: object, depth: number): string | undefined {
  if (depth > MAX_JSON_DEPTH) return `nested deeper than ${MAX_JSON_DEPTH} levels: write it as text`;
  if (!Array.isArray(value)) {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return 'only objects, arrays and plain values are JSON';
    if (Object.hasOwn(value, '__proto__')) return 'the key __proto__ cannot be kept: write it as text';
  }
  for (const item of Object.values(value)) {
    const fault = jsonFault(item, depth);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
