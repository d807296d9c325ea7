// Options as protobufjs keeps them → options of descriptors: those of the language, each only with a value of its type.
// Custom options are left out: nothing here acts on them.
import { jsonNameOf, type Options } from './descriptor.ts';

/** What an option may be: a type, or the names of an enum. */
type Kind = 'boolean' | 'string' | readonly string[];
type Known = ReadonlyMap<string, Kind>;

const BOOLEAN = 'boolean' as const;
const STRING = 'string' as const;

/** Features of editions that can be set, and what to (google.protobuf.FeatureSet). */
const FEATURES: Known = new Map<string, Kind>([
  ['field_presence', ['EXPLICIT', 'IMPLICIT', 'LEGACY_REQUIRED']],
  ['enum_type', ['OPEN', 'CLOSED']],
  ['repeated_field_encoding', ['PACKED', 'EXPANDED']],
  ['utf8_validation', ['VERIFY', 'NONE']],
  ['message_encoding', ['LENGTH_PREFIXED', 'DELIMITED']],
  ['json_format', ['ALLOW', 'LEGACY_BEST_EFFORT']],
]);

const FILE: Known = new Map<string, Kind>([
  ...['java_package', 'java_outer_classname', 'go_package', 'objc_class_prefix', 'csharp_namespace'].map(
    (name): [string, Kind] => [name, STRING],
  ),
  ...['swift_prefix', 'php_class_prefix', 'php_namespace', 'php_metadata_namespace', 'ruby_package'].map(
    (name): [string, Kind] => [name, STRING],
  ),
  ...['java_multiple_files', 'java_string_check_utf8', 'cc_generic_services', 'java_generic_services'].map(
    (name): [string, Kind] => [name, BOOLEAN],
  ),
  ...['py_generic_services', 'deprecated', 'cc_enable_arenas'].map((name): [string, Kind] => [name, BOOLEAN]),
  ['optimize_for', ['SPEED', 'CODE_SIZE', 'LITE_RUNTIME']],
]);

const MESSAGE: Known = new Map<string, Kind>([
  ['message_set_wire_format', BOOLEAN],
  ['no_standard_descriptor_accessor', BOOLEAN],
  ['deprecated', BOOLEAN],
]);

const FIELD: Known = new Map<string, Kind>([
  ['ctype', ['STRING', 'CORD', 'STRING_PIECE']],
  ['packed', BOOLEAN],
  ['jstype', ['JS_NORMAL', 'JS_STRING', 'JS_NUMBER']],
  ['lazy', BOOLEAN],
  ['unverified_lazy', BOOLEAN],
  ['deprecated', BOOLEAN],
  ['weak', BOOLEAN],
  ['debug_redact', BOOLEAN],
]);

const ENUM: Known = new Map<string, Kind>([
  ['allow_alias', BOOLEAN],
  ['deprecated', BOOLEAN],
]);

const VALUE: Known = new Map<string, Kind>([
  ['deprecated', BOOLEAN],
  ['debug_redact', BOOLEAN],
]);

const METHOD: Known = new Map<string, Kind>([
  ['deprecated', BOOLEAN],
  ['idempotency_level', ['IDEMPOTENCY_UNKNOWN', 'NO_SIDE_EFFECTS', 'IDEMPOTENT']],
]);

/** Options as the parser keeps them. */
type Parsed = { readonly [option: string]: unknown } | null | undefined;

export const fileOptions = (parsed: Parsed) => known(FILE, parsed);
export const messageOptions = (parsed: Parsed) => known(MESSAGE, parsed);
export const fieldOptions = (parsed: Parsed) => known(FIELD, parsed);
export const enumOptions = (parsed: Parsed) => known(ENUM, parsed);
export const valueOptions = (parsed: Parsed) => known(VALUE, parsed);
export const methodOptions = (parsed: Parsed) => known(METHOD, parsed);

function known(kinds: Known, parsed: Parsed): Options | undefined {
  const options: Options = fitting(kinds, parsed);
  const features = fitting(FEATURES, parsed?.features);
  if (Object.keys(features).length > 0) options.features = features;
  return Object.keys(options).length > 0 ? options : undefined;
}

function fitting(kinds: Known, parsed: unknown): { [option: string]: unknown } {
  const options: { [option: string]: unknown } = {};
  for (const [name, value] of Object.entries(parsed ?? {})) {
    const kind = kinds.get(name);
    if (kind !== undefined && fits(value, kind)) options[jsonNameOf(name)] = value;
  }
  return options;
}

function fits(value: unknown, kind: Kind): boolean {
  return typeof kind === 'string' ? typeof value === kind : typeof value === 'string' && kind.includes(value);
}
