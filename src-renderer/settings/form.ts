// What every settings form gets, and how it writes.
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { type Patch, withSection } from '../stores/config-edit.ts';
import { editConfig } from '../stores/session-actions.ts';

export interface FormProps {
  /** Of the session. */
  id: string;
  /** With what was typed last. */
  config: SessionConfig;
}

type Sections = Parameters<typeof withSection>[1];

/** A writer for one section of the session's config. */
export function sectionWriter<S extends Sections>(id: string, section: S) {
  return (patch: Patch<NonNullable<SessionConfig[S]>>, keepEmpty = false) =>
    editConfig(id, (config) => withSection(config, section, patch, keepEmpty));
}
