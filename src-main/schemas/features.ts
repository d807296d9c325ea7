// What syntax and editions decide for the definitions of a file, and what definitions decide otherwise (features).
import type { Features, FileDescriptor, Options } from './descriptor.ts';

const PROTO2: Features = {
  fieldPresence: 'EXPLICIT',
  enumType: 'CLOSED',
  repeatedFieldEncoding: 'EXPANDED',
  messageEncoding: 'LENGTH_PREFIXED',
};

const PROTO3: Features = {
  fieldPresence: 'IMPLICIT',
  enumType: 'OPEN',
  repeatedFieldEncoding: 'PACKED',
  messageEncoding: 'LENGTH_PREFIXED',
};

/** All editions so far. */
const EDITIONS: Features = { ...PROTO3, fieldPresence: 'EXPLICIT' };

/** Of all that a file defines, unless it says otherwise itself. */
export function fileFeatures(file: FileDescriptor): Features {
  const base = file.syntax === 'editions' ? EDITIONS : file.syntax === 'proto3' ? PROTO3 : PROTO2;
  return withFeatures(base, file.options);
}

/** Features of a definition inside one that has `outer`. */
export function withFeatures(outer: Features, options: Options | undefined): Features {
  return options?.features ? { ...outer, ...options.features } : outer;
}
