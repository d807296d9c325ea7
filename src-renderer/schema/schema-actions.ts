// Where a session's message types come from: files that a person chooses, the server, both again.
import type { SchemaSources, SessionConfig } from '../../src-main/core/session-config.ts';
import { bridge } from '../bridge/bridge.ts';
import { desktop } from '../bridge/host.ts';
import { type Patch, withSection } from '../stores/config-edit.ts';
import { reportProblem } from '../stores/problem.ts';
import { editConfig, saveEdits } from '../stores/session-actions.ts';
import { pickSessionPaths } from '../stores/session-files.ts';
import { configOf, useSessions } from '../stores/sessions.ts';

/** .proto files, and descriptor sets by the names that people give them. */
const EXTENSIONS = ['proto', 'protoset', 'pb', 'desc', 'bin', 'binpb', 'fds'];

/** `config` with some of its schema's sources changed; undefined takes a key away. */
function withSources(config: SessionConfig, patch: Patch<SchemaSources>): SessionConfig {
  const entries = Object.entries({ ...config.grpc?.schema, ...patch });
  const schema = Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as SchemaSources;
  return withSection(config, 'grpc', { schema: Object.keys(schema).length > 0 ? schema : undefined });
}

/** Changes them and has the engine read them at once. */
export async function changeSources(session: string, patch: Patch<SchemaSources>): Promise<void> {
  editConfig(session, (config) => withSources(config, patch));
  await saveEdits(session);
}

/** Has a person choose files and adds them. */
export async function addSchemaFiles(session: string): Promise<void> {
  try {
    const paths = await pickSessionPaths(session, 'Files with message types', EXTENSIONS);
    if (paths.length > 0) await changeSources(session, withFiles(sourcesOf(session), paths, desktop === undefined));
  } catch (error) {
    reportProblem(error);
  }
}

/** `sources` with further files. Uploaded ones each have a folder of their own, in which the others look for imports. */
function withFiles(sources: SchemaSources, paths: readonly string[], areUploads: boolean): SchemaSources {
  const files = [...new Set([...(sources.files ?? []), ...paths])];
  if (!areUploads) return { ...sources, files };
  const folders = paths.map((path) => path.replace(/[\\/][^\\/]*$/, ''));
  return { ...sources, files, importPaths: [...new Set([...(sources.importPaths ?? []), ...folders])] };
}

/** Asks the server for its types, also beside files. */
export async function askServer(session: string): Promise<void> {
  const sources = sourcesOf(session);
  const isOn = sources.reflection ?? (sources.files ?? []).length === 0;
  if (!isOn) await changeSources(session, { reflection: true });
  await reloadSchema(session);
}

/** Reads the files again and asks the server again. */
export async function reloadSchema(session: string): Promise<void> {
  try {
    await saveEdits(session);
    await bridge.call('schema.reload', { session });
  } catch (error) {
    reportProblem(error);
  }
}

function sourcesOf(session: string): SchemaSources {
  return configOf(useSessions.getState(), session)?.grpc?.schema ?? {};
}
