// Three-way merge of session configs: as `merge`, and what comes of it is a session config again.
import { type SessionConfig, sessionConfigSchema } from '../core/session-config.ts';
import { merge } from './merge.ts';

export interface ConfigMerge {
  /** Both changes; ours where they contradict each other. */
  config: SessionConfig;
  /** Where they do, as `websocket.headers.X-Team`. */
  conflicts: string[];
}

/** `base`: what both began with. */
export function mergeConfigs(base: SessionConfig, ours: SessionConfig, theirs: SessionConfig): ConfigMerge {
  const { value, conflicts } = merge(base, ours, theirs);
  const checked = sessionConfigSchema.safeParse(value);
  if (checked.success) return { config: checked.data, conflicts };
  // Each made something sound of it, and both together did not: a message with a text and with bytes.
  const place = checked.error.issues[0]!.path.join('.');
  return { config: ours, conflicts: [...conflicts, place] };
}
