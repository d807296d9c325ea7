// The variables of the session itself, and all that its texts can name, with where each comes from.
import { useState } from 'react';
import type { VariableState } from '../../src-main/bridge/contract.ts';
import type { SessionConfig, VariablesConfig } from '../../src-main/core/session-config.ts';
import { withValue } from '../stores/config-edit.ts';
import { sameData } from '../stores/same-data.ts';
import { editConfig } from '../stores/session-actions.ts';
import { shownValue } from '../variables/references.ts';
import { SecretValue } from '../variables/secret-value.tsx';
import { type VariableRow, variablesOfRows } from '../variables/variable-rows.ts';
import { useVariables } from '../variables/variable-store.ts';
import { VariableTable } from '../variables/variable-table.tsx';
import { SecretNote } from '../workspace/secret-note.tsx';
import type { FormProps } from './form.ts';

export function VariablesForm({ id, config }: FormProps) {
  const [typed, setTyped] = useState<VariableRow[]>();
  const all = useVariables(id);
  const texts = config.variables;
  // What is typed stands as long as it says the same, or nothing yet.
  const said = typed && textsOf(typed, texts);
  const rows = typed && (said === undefined || sameData(said, texts ?? {})) ? typed : rowsOf(texts);
  const edit = (next: VariableRow[]) => {
    setTyped(next);
    editConfig(id, (old) => withVariables(old, next));
  };
  return (
    <>
      <VariableTable
        label="Variables of this session"
        rows={rows}
        session={id}
        onEdit={edit}
        onSave={() => undefined}
      />
      <p className="field-hint">
        Named as {'{{name}}'} in any text of the session. They win over those of the environment and of wirescope.yaml.
      </p>
      {all && all.length > 0 && <Known variables={all} />}
      {all?.some(({ secret }) => secret) && <SecretNote />}
    </>
  );
}

function Known({ variables }: { variables: readonly VariableState[] }) {
  return (
    <section className="settings-listing" aria-label="All variables">
      <h3 className="settings-heading">All that texts can name</h3>
      <dl>
        {variables.map((variable) => {
          const isDynamic = variable.layer === 'dynamic';
          return (
            <div key={variable.name}>
              <dt className="data">{variable.name}</dt>
              <dd className={isDynamic ? undefined : 'data selectable'}>
                <KnownValue variable={variable} />
              </dd>
              <dd className="settings-listing-from">
                {isDynamic ? 'made anew at each use' : `${variable.layer}, ${variable.origin}`}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

function KnownValue({ variable }: { variable: VariableState }) {
  const { name, layer, origin, secret } = variable;
  if (layer === 'dynamic') return origin;
  // A secret of the session is given its value in the table of the session's own.
  if (secret && layer !== 'session') return <SecretValue name={name} label={`Value of ${name}`} />;
  return shownValue(variable);
}

function rowsOf(texts: VariablesConfig = {}): VariableRow[] {
  return Object.entries(texts).map(([name, text]) =>
    typeof text === 'object' ? { name, value: '', secret: true } : { name, value: String(text), secret: false },
  );
}

/** undefined while a row is wrong. A value that says the same stays what it is: `8080` is not made a text. */
function textsOf(rows: readonly VariableRow[], before: VariablesConfig = {}): VariablesConfig | undefined {
  const variables = variablesOfRows(rows);
  return (
    variables &&
    Object.fromEntries(
      variables.map(({ name, value, secret }): [string, VariablesConfig[string]] => {
        const old = before[name];
        if (secret) return [name, { secret: true }];
        return [name, old !== undefined && typeof old !== 'object' && String(old) === value ? old : (value ?? '')];
      }),
    )
  );
}

function withVariables(config: SessionConfig, rows: readonly VariableRow[]): SessionConfig {
  const texts = textsOf(rows, config.variables);
  if (!texts || sameData(texts, config.variables ?? {})) return config;
  return withValue(config, 'variables', Object.keys(texts).length > 0 ? texts : undefined);
}
