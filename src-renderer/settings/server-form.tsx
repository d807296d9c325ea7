// What a server does with what it receives.
import { Field, NumberField, TextField } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import { AnswersEditor } from './answers-editor.tsx';
import { type FormProps, sectionWriter } from './form.ts';

const BEHAVIOURS = [
  { value: 'echo', label: 'Echo', hint: 'back to the sender' },
  { value: 'broadcast', label: 'Broadcast', hint: 'to everybody else' },
  { value: 'silent', label: 'Silent', hint: 'answers nothing' },
  { value: 'scripted', label: 'Scripted', hint: 'by the rules below' },
] as const;

export function ServerForm({ id, config }: FormProps) {
  const server = config.server ?? {};
  const write = sectionWriter(id, 'server');
  const behaviour = server.behaviour ?? (server.answers ? 'scripted' : 'silent');
  return (
    <>
      <Field label="Behaviour">
        {(ids) => (
          <Select
            {...ids}
            label="Behaviour"
            options={BEHAVIOURS}
            value={behaviour}
            onChange={(next) => write({ behaviour: next })}
          />
        )}
      </Field>
      {config.protocol === 'websocket' && (
        <TextField
          label="Path"
          control={VariableInput}
          data
          value={server.path}
          placeholder="any path"
          hint="Upgrades elsewhere are answered with 404."
          onChange={(path) => write({ path })}
        />
      )}
      {config.protocol !== 'udp' && (
        <NumberField
          label="Connections at most"
          min={1}
          max={Number.MAX_SAFE_INTEGER}
          placeholder="no limit"
          value={server.maxConnections}
          onChange={(maxConnections) => write({ maxConnections })}
        />
      )}
      {behaviour === 'scripted' && (
        <AnswersEditor
          answers={server.answers ?? []}
          messages={config.messages ?? []}
          canClose={config.protocol !== 'udp'}
          hasCloseCode={config.protocol === 'websocket'}
          onChange={(answers) => write({ answers: answers.length > 0 ? answers : undefined })}
        />
      )}
    </>
  );
}
