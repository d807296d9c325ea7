// wirescope.yaml: what the sessions of a folder, and of the folders in it, have in common. A session says what differs.
import { access, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import {
  FORMAT_VERSION,
  grpcSchema,
  reconnectSchema,
  type SessionConfig,
  tcpSchema,
  tlsSchema,
  udpSchema,
  type VariablesConfig,
  variablesSchema,
  websocketSchema,
} from '../core/session-config.ts';
import { checkYaml, YamlFault } from './checked-yaml.ts';
import { newerFormat } from './format-version.ts';
import { isPlainObject, type PlainObject } from './plain.ts';
import { SessionFileError } from './session-file-error.ts';
import { keepSpelling } from './variable-file.ts';
import { readText } from './whole-file.ts';

export const SETTINGS_FILE = 'wirescope.yaml';

export const settingsSchema = z.strictObject({
  wirescope: z.literal(FORMAT_VERSION),
  name: z.string().min(1).optional().describe("Of the workspace, for a person; the folder's if absent."),
  variables: variablesSchema.optional().describe('Of every session below; those of an environment win.'),
  defaults: z
    .strictObject({
      tls: tlsSchema.optional(),
      proxy: z.string().optional(),
      connectTimeoutMs: z.number().int().min(1).max(3_600_000).optional(),
      reconnect: reconnectSchema.optional(),
      websocket: websocketSchema.optional(),
      grpc: grpcSchema.optional(),
      tcp: tcpSchema.optional(),
      udp: udpSchema.optional(),
    })
    .optional()
    .describe("Of every session below, unless it says otherwise. Relative paths are from this file's folder."),
});
export type FolderSettings = z.infer<typeof settingsSchema>;

/** The settings of a folder and where they lie. */
export interface SettingsOf {
  folder: string;
  settings: FolderSettings;
}

/** Throws a SessionFileError. `name` is how errors call the file. */
export function parseSettings(text: string, name: string): FolderSettings {
  try {
    return checkYaml(text, settingsSchema, (document, lineOf) => {
      const version = document.get('wirescope');
      if (version === undefined) throw new YamlFault('it must be a mapping that begins with "wirescope: 1"', undefined);
      const newer = newerFormat(version);
      if (newer !== undefined) throw new YamlFault(newer, lineOf(['wirescope']));
      keepSpelling(document.get('variables'));
    });
  } catch (error) {
    throw error instanceof YamlFault ? failure(name, error.located) : error;
  }
}

/**
 * The settings that hold in a folder, farthest first: from the workspace's root down to it. Throws a SessionFileError for
 * a file that cannot be used. `folder` must be `root` or lie in it.
 */
export async function readSettings(root: string, folder: string): Promise<SettingsOf[]> {
  const found: SettingsOf[] = [];
  for (const each of foldersFrom(root, folder)) {
    const text = await readText(join(each, SETTINGS_FILE));
    const name = relative(root, join(each, SETTINGS_FILE)) || SETTINGS_FILE;
    if (text !== undefined) found.push({ folder: each, settings: parseSettings(text, name) });
  }
  return found;
}

/** All folders on the way from one down to another that is it or lies in it, both included. */
export function foldersFrom(root: string, folder: string): string[] {
  const steps = relative(root, folder).split(sep).filter(Boolean);
  return [root, ...steps.map((_step, index) => join(root, ...steps.slice(0, index + 1)))];
}

/**
 * The root of the workspace a session file's folder belongs to: the topmost folder with settings, up to the first that
 * holds a git repository or belongs to somebody else, whose settings are not trusted. The folder itself if there is none.
 */
export async function findRoot(folder: string): Promise<string> {
  const owner = process.getuid?.();
  let root = folder;
  for (let at = folder; ; at = dirname(at)) {
    const status = await stat(at).catch(() => undefined);
    if (!status || (owner !== undefined && status.uid !== owner)) return root;
    if (await exists(join(at, SETTINGS_FILE))) root = at;
    if (dirname(at) === at || (await exists(join(at, '.git')))) return root;
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** A config with what it does not say itself taken from the settings. `folder`: where its session file lies. */
export function withDefaults(config: SessionConfig, settings: readonly SettingsOf[], folder: string): SessionConfig {
  let inherited: PlainObject = {};
  for (const each of settings) {
    if (each.settings.defaults) inherited = inherit(rebase(each.settings.defaults, each.folder, folder), inherited);
  }
  // What belongs to another protocol would be said by nobody and shown to everybody.
  const fitting = Object.fromEntries(
    Object.entries(inherited).filter(([key]) => !PROTOCOL_KEYS.has(key) || key === config.protocol),
  );
  if (config.role === 'server') {
    delete fitting.proxy;
    delete fitting.reconnect;
    // Its presence turns a server's TLS on.
    if (config.tls === undefined) delete fitting.tls;
  }
  return inherit(config as unknown as PlainObject, fitting) as unknown as SessionConfig;
}

/** The settings' variables, farthest first. */
export function settingsVariables(
  settings: readonly SettingsOf[],
  root: string,
): { texts: VariablesConfig; isRoot: boolean; origin: string }[] {
  return settings.map(({ folder, settings: { variables } }) => ({
    texts: variables ?? {},
    isRoot: folder === root,
    origin: relative(root, join(folder, SETTINGS_FILE)) || SETTINGS_FILE,
  }));
}

const PROTOCOL_KEYS = new Set(['websocket', 'grpc', 'tcp', 'udp']);

/** Objects meet key by key; all else, lists too, is the nearer one's. */
function inherit(nearer: PlainObject, farther: PlainObject): PlainObject {
  const all: PlainObject = { ...farther };
  for (const [key, value] of Object.entries(nearer)) {
    const below = farther[key];
    all[key] = isPlainObject(value) && isPlainObject(below) ? inherit(value, below) : value;
  }
  return all;
}

/** Relative file names in the defaults, as seen from another folder. */
function rebase(defaults: NonNullable<FolderSettings['defaults']>, from: string, to: string): PlainObject {
  if (from === to) return defaults as PlainObject;
  const move = (name: string) => (name.includes('{{') ? name : relative(to, resolve(from, name)) || '.');
  const copy = structuredClone(defaults);
  for (const key of ['ca', 'cert', 'key', 'pkcs12'] as const) {
    if (copy.tls?.[key] !== undefined) copy.tls[key] = move(copy.tls[key]);
  }
  const schema = copy.grpc?.schema;
  if (schema?.files) schema.files = schema.files.map(move);
  if (schema?.importPaths) schema.importPaths = schema.importPaths.map(move);
  return copy as PlainObject;
}

function failure(name: string, reason: string): SessionFileError {
  return new SessionFileError({ what: `${name}: ${reason}`, why: '', next: '', code: 'SETTINGS' });
}
