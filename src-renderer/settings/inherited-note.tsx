// What a section of the settings inherits from files of the workspace: shown over its form, where it can be overruled.
import type { InheritedSetting } from '../../src-main/bridge/contract.ts';

export function InheritedNote({ settings }: { settings: readonly InheritedSetting[] }) {
  if (settings.length === 0) return null;
  return (
    <section className="settings-listing" aria-label="Inherited">
      <h3 className="settings-heading">Inherited, unless set here</h3>
      <dl>
        {settings.map(({ path, value, from }) => (
          <div key={path}>
            <dt className="data">{path.slice(path.indexOf('.') + 1)}</dt>
            <dd className="data selectable">{value}</dd>
            <dd className="settings-listing-from">{from}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
