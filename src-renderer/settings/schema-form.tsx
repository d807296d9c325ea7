// Where message types come from, and what is wrong with them.
import { RefreshCw } from 'lucide-react';
import { addSchemaFiles, changeSources, reloadSchema } from '../schema/schema-actions.ts';
import { SchemaProblems } from '../schema/schema-problems.tsx';
import { useSchema } from '../schema/schema-store.ts';
import { Button } from '../ui/button.tsx';
import { formatPlural } from '../ui/format.ts';
import { SwitchField } from '../ui/switch.tsx';
import type { FormProps } from './form.ts';
import { PathsField } from './paths-field.tsx';

export function SchemaForm({ id, config }: FormProps) {
  const sources = config.grpc?.schema ?? {};
  const files = sources.files ?? [];
  const state = useSchema(id)?.state;
  const isClient = config.role === 'client';
  return (
    <>
      <PathsField
        label="Files"
        paths={files}
        placeholder="protos/chat.proto or a folder"
        hint={
          config.role === 'capture'
            ? 'They name the fields of the gRPC messages in this capture.'
            : '.proto files, folders with all below them, or descriptor sets. Changed files are read again by themselves.'
        }
        choose={{ label: 'Load .proto files…', run: () => void addSchemaFiles(id) }}
        onChange={(next) => void changeSources(id, { files: next })}
      />
      <PathsField
        label="Import paths"
        paths={sources.importPaths ?? []}
        placeholder="protos"
        hint="Folders in which “import” looks, beside those of the files."
        onChange={(importPaths) => void changeSources(id, { importPaths })}
      />
      {isClient && (
        <SwitchField
          label="Ask the server (reflection)"
          hint={files.length > 0 ? 'Beside the files.' : 'On while there are no files.'}
          checked={sources.reflection ?? files.length === 0}
          onChange={(reflection) => void changeSources(id, { reflection })}
        />
      )}
      <div className="schema-state">
        <Button icon={RefreshCw} disabled={state?.loading ?? false} onClick={() => void reloadSchema(id)}>
          Reload
        </Button>
        <span className="field-hint" role="status">
          {!state || state.loading
            ? 'Reading the message types'
            : `${formatPlural(state.services.length, 'service')} known`}
        </span>
      </div>
      <SchemaProblems session={id} problems={state?.problems ?? []} />
    </>
  );
}
