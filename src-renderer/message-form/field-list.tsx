// The fields of a message, in the order of its .proto; those of a oneof together, one chosen by a radio button.
import type { MessageField } from '../../src-main/core/schema.ts';
import { type JsonNode, type JsonPath, type JsonProperty, propertyOf } from '../proto-json/json-tree.ts';
import {
  fieldOf,
  keyOf,
  keysOf,
  shownName,
  startValue,
  TYPE_KEY,
  typeText,
  valueTypeOf,
} from '../proto-json/value-type.ts';
import { useMessageForm } from './form-context.ts';

export interface FieldListProps {
  type: string;
  node: JsonNode | undefined;
  path: JsonPath;
  /** Accessible name of the message, '' for the whole. */
  label: string;
  depth: number;
}

export function FieldList(props: FieldListProps) {
  const { type, node, path } = props;
  const { types } = useMessageForm();
  const message = types.message(type);
  if (!message) {
    return <p className="field-hint">{types.isUnknown(type) ? `${type} is not known.` : 'Reading the type'}</p>;
  }
  const strangers =
    node?.kind === 'object' ? node.properties.filter(({ key }) => key !== TYPE_KEY && !fieldOf(message, key)) : [];
  return (
    <div className="mf-fields">
      {groupsOf(message.fields).map(({ oneof, fields }) =>
        oneof === undefined ? (
          fields.map((field) => <FieldRow key={keyOf(field)} {...props} field={field} />)
        ) : (
          <OneofGroup key={`oneof ${oneof}`} {...props} oneof={oneof} fields={fields} />
        ),
      )}
      {message.fields.length === 0 && path.length === 0 && (
        <p className="field-hint">{type} has no fields: the message is empty.</p>
      )}
      {strangers.length > 0 && (
        <p className="field-error">
          Not fields of {type}, kept as they are:{' '}
          <span className="data">{strangers.map(({ key }) => key).join(', ')}</span>
        </p>
      )}
    </div>
  );
}

/** Fields in order; a oneof stands where its first member does. */
function groupsOf(fields: readonly MessageField[]): { oneof?: string; fields: MessageField[] }[] {
  const groups: { oneof?: string; fields: MessageField[] }[] = [];
  for (const field of fields) {
    const { oneof } = field;
    const group = oneof === undefined ? undefined : groups.find((each) => each.oneof === oneof);
    if (group) group.fields.push(field);
    else groups.push({ ...(oneof === undefined ? {} : { oneof }), fields: [field] });
  }
  return groups;
}

function propertyFor(node: JsonNode | undefined, field: MessageField): JsonProperty | undefined {
  return propertyOf(node, ...keysOf(field));
}

function nameOf(label: string, field: MessageField): string {
  return label === '' ? shownName(field) : `${label}.${shownName(field)}`;
}

interface FieldRowProps extends FieldListProps {
  field: MessageField;
}

function FieldRow(props: FieldRowProps) {
  const { field } = props;
  return (
    <div className="mf-row">
      <FieldLabel field={field} />
      <FieldValue {...props} presence={field.presence} />
    </div>
  );
}

function FieldLabel({ field }: { field: MessageField }) {
  const title = [`${typeText(field)} = ${field.number}`, field.deprecated && 'Deprecated.', field.comment];
  return (
    <div className="mf-label" title={title.filter(Boolean).join('\n')}>
      <span className={field.deprecated ? 'mf-name mf-deprecated data' : 'mf-name data'}>{shownName(field)}</span>
      <span className="mf-type data">
        {typeText(field).replace(/google\.protobuf\./g, '')}
        {field.required && ' required'}
      </span>
    </div>
  );
}

interface FieldValueProps extends FieldRowProps {
  presence: boolean;
  /** Of a oneof, whose radio buttons take it away. */
  isElement?: boolean;
}

function FieldValue({ field, node, path, label, depth, presence, isElement = false }: FieldValueProps) {
  const { Value } = useMessageForm();
  const property = propertyFor(node, field);
  return (
    <Value
      value={valueTypeOf(field)}
      presence={presence}
      isElement={isElement}
      depth={depth}
      label={nameOf(label, field)}
      path={[...path, property?.key ?? keyOf(field)]}
      node={property?.value}
    />
  );
}

function OneofGroup(props: FieldListProps & { oneof: string; fields: MessageField[] }) {
  const { oneof, fields, node, path, label } = props;
  const { types, set } = useMessageForm();
  const chosen = fields.find((field) => propertyFor(node, field));
  const choose = (field: MessageField | undefined) => {
    for (const each of fields) {
      const property = propertyFor(node, each);
      if (property && each !== field) set([...path, property.key], undefined);
    }
    if (field && field !== chosen) set([...path, keyOf(field)], startValue(valueTypeOf(field), types));
  };
  const group = label === '' ? oneof : `${label}.${oneof}`;
  return (
    <fieldset className="mf-oneof" aria-label={group}>
      <div className="mf-row">
        <div className="mf-label">
          <span className="mf-name data">{oneof}</span>
          <span className="mf-type data">oneof</span>
        </div>
        <div className="mf-radios">
          {[undefined, ...fields].map((field) => (
            <label key={field?.name ?? ''} className="mf-radio" title={field && typeText(field)}>
              <input type="radio" name={group} checked={chosen === field} onChange={() => choose(field)} />
              <span className={field ? 'data' : ''}>{field?.name ?? 'none'}</span>
            </label>
          ))}
        </div>
      </div>
      {chosen && (
        <div className="mf-row">
          <FieldLabel field={chosen} />
          <FieldValue {...props} field={chosen} presence={false} isElement />
        </div>
      )}
    </fieldset>
  );
}
