// A message as a form, kept in step with its JSON: every change of a field changes only its place in the text.
import { useMemo, useRef } from 'react';
import { withItemMoved, withKeyAt, withValueAt } from '../proto-json/json-edit.ts';
import { readJsonTree } from '../proto-json/json-tree.ts';
import { schemaOf, useSchema } from '../schema/schema-store.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { FieldList } from './field-list.tsx';
import { type MessageFormContext, MessageFormProvider } from './form-context.ts';
import { ValueControl } from './value-control.tsx';
import './message-form.css';

export interface MessageFormProps {
  session: string;
  /** Full name of the message's type. */
  type: string;
  text: string;
  onChange(text: string): void;
}

export function MessageForm({ session, type, text, onChange }: MessageFormProps) {
  const schema = useSchema(session);
  const whole = text.trim() === '' ? '{}' : text;
  const tree = useMemo(() => readJsonTree(whole), [whole]);
  /** Several changes of one event each build on the one before. */
  const latest = useRef(whole);
  latest.current = whole;
  if (!schema) return null;
  const change = (next: string) => {
    if (next === latest.current) return;
    latest.current = next;
    onChange(next);
  };
  const context: MessageFormContext = {
    session,
    text: whole,
    types: schemaOf(session)?.types ?? schema.types,
    set: (path, json) => change(withValueAt(latest.current, path, json)),
    rename: (path, key) => change(withKeyAt(latest.current, path, key)),
    move: (path, from, to) => change(withItemMoved(latest.current, path, from, to)),
    Value: ValueControl,
  };
  const fault = tree.faults[0];
  if (fault) {
    const line = whole.slice(0, fault.start).split('\n').length;
    return <EmptyState title={`The JSON has a fault in line ${line}`} text={fault.text} />;
  }
  if (tree.root?.kind !== 'object') return <EmptyState title="A message is a JSON object" text="It begins with {." />;
  return (
    <MessageFormProvider value={context}>
      <form className="mf-form" aria-label={`Fields of ${type}`} onSubmit={(event) => event.preventDefault()}>
        <FieldList type={type} node={tree.root} path={[]} label="" depth={0} />
      </form>
    </MessageFormProvider>
  );
}
