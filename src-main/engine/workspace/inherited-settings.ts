// What a session inherits, setting by setting, for a person who wonders why it is so. Pure but for the form of paths.
import { join, relative, sep } from 'node:path';
import type { InheritedSetting } from '../../bridge/contract.ts';
import type { SessionConfig } from '../../core/session-config.ts';
import { isPlainObject, isSame } from '../../workspace/plain.ts';
import { withoutSecrets } from '../../workspace/secrets.ts';
import { SETTINGS_FILE, type SettingsOf, withDefaults } from '../../workspace/settings-file.ts';

/** `settings`: those that hold, farthest first; `folder`: where the session's file lies. In the order of the config's keys. */
export function inheritedSettings(
  config: SessionConfig,
  settings: readonly SettingsOf[],
  folder: string,
): InheritedSetting[] {
  const root = settings[0]?.folder ?? folder;
  const own = new Map(leavesOf(withoutSecrets(config)));
  const found = new Map<string, InheritedSetting>();
  // With each file that is nearer, what it says is new or another.
  for (let count = 1; count <= settings.length; count++) {
    const from = relative(root, join(settings[count - 1]!.folder, SETTINGS_FILE))
      .split(sep)
      .join('/');
    const leaves = leavesOf(withoutSecrets(withDefaults(config, settings.slice(0, count), folder)));
    for (const [path, leaf] of leaves) {
      if (own.has(path)) continue;
      const value = typeof leaf === 'string' ? leaf : JSON.stringify(leaf);
      if (found.get(path)?.value !== value) found.set(path, { path, value, from });
    }
  }
  return [...found.values()];
}

/** Values that are no mappings, by their paths. */
function leavesOf(value: object, above = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
    const path = above + key;
    const isBranch = isPlainObject(item) && !isSame(item, {});
    return isBranch ? leavesOf(item, `${path}.`) : [[path, item]];
  });
}
