// The YAML side of the script: the editor, loaded when it is first needed, over what is wrong with the text.
import { CircleAlert } from 'lucide-react';
import { lazy, Suspense } from 'react';
import type { Step } from '../../src-main/core/session-config.ts';
import { useScriptText } from './use-script-text.ts';

const YamlEditor = lazy(() => import('./yaml-editor.tsx'));

export function YamlView({ id, script }: { id: string; script: readonly Step[] }) {
  const { text, fault, edit } = useScriptText(id, script);
  return (
    <div className="script-yaml">
      <div className="script-yaml-editor">
        {text !== undefined && (
          <Suspense fallback={<pre className="script-yaml-waiting data">{text}</pre>}>
            <YamlEditor session={id} text={text} fault={fault} onChange={edit} />
          </Suspense>
        )}
      </div>
      {fault && (
        <p className="script-fault selectable" role="alert">
          <CircleAlert size={13} strokeWidth={1.75} aria-hidden />
          <span>
            {fault.line !== undefined && <span className="data">Line {fault.line}: </span>}
            {/[.!?]$/.test(fault.text) ? fault.text : `${fault.text}.`}{' '}
            <span className="script-fault-note">The script is still as it was before.</span>
          </span>
        </p>
      )}
    </div>
  );
}
