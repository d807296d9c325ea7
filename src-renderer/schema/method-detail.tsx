// What a method is, what it takes and gives, and the types these are made of, one at a time.
import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { EnumType, MessageField, MessageType, ServiceMethod } from '../../src-main/core/schema.ts';
import { shownName, typeText } from '../proto-json/value-type.ts';
import { IconButton } from '../ui/button.tsx';
import { SHAPE_WORDS, shapeOf } from './call-shape.ts';
import type { TypeCache } from './type-cache.ts';

export interface MethodDetailProps {
  method: ServiceMethod;
  types: TypeCache;
  /** What can be done with the method. */
  children?: ReactNode;
}

export function MethodDetail({ method, types, children }: MethodDetailProps) {
  /** Types that were opened, the shown one last. */
  const [trail, setTrail] = useState<readonly string[]>([]);
  const open = (name: string) => setTrail([...trail, name]);
  const shown = trail.at(-1);
  if (shown !== undefined) {
    return (
      <section className="method-detail" aria-label={shown}>
        <div className="method-detail-head">
          <IconButton label="Back" icon={ArrowLeft} onClick={() => setTrail(trail.slice(0, -1))} />
          <h3 className="data selectable">{shown}</h3>
        </div>
        <TypeText name={shown} types={types} onOpen={open} />
      </section>
    );
  }
  return (
    <section className="method-detail" aria-label={method.path}>
      <h3 className="data selectable">{method.path.replace(/^\//, '')}</h3>
      <p className="method-shape">{SHAPE_WORDS[shapeOf(method)]}</p>
      <Comment text={method.comment} />
      {children && <div className="method-orders">{children}</div>}
      <h4>
        {method.clientStreaming ? 'Takes many' : 'Takes'} <TypeButton name={method.input} onOpen={open} />
      </h4>
      <TypeText name={method.input} types={types} onOpen={open} />
      <h4>
        {method.serverStreaming ? 'Gives many' : 'Gives'} <TypeButton name={method.output} onOpen={open} />
      </h4>
      <TypeText name={method.output} types={types} onOpen={open} />
    </section>
  );
}

function TypeButton({ name, onOpen }: { name: string; onOpen(name: string): void }) {
  return (
    <button type="button" className="type-button data" onClick={() => onOpen(name)}>
      {name}
    </button>
  );
}

function TypeText({ name, types, onOpen }: { name: string; types: TypeCache; onOpen(name: string): void }) {
  const message = types.message(name);
  if (message) return <MessageText message={message} onOpen={onOpen} />;
  const enumeration = types.enumeration(name);
  if (enumeration) return <EnumText enumeration={enumeration} />;
  return <p className="field-hint">{types.isUnknown(name) ? 'Not among the known types.' : 'Reading…'}</p>;
}

function MessageText({ message, onOpen }: { message: MessageType; onOpen(name: string): void }) {
  return (
    <>
      <Comment text={message.comment} />
      {message.fields.length === 0 && <p className="field-hint">No fields.</p>}
      <ul className="type-fields">
        {message.fields.map((field) => (
          <li key={field.number}>
            <div className="type-field data">
              <span>{shownName(field)}</span>
              <FieldType field={field} onOpen={onOpen} />
              <span className="type-number">{field.number}</span>
            </div>
            {(field.oneof || field.comment || field.deprecated || field.required) && (
              <p className="type-comment">
                {[
                  field.required && 'Required.',
                  field.deprecated && 'Deprecated.',
                  field.oneof && `One of ${field.oneof}.`,
                  field.comment,
                ]
                  .filter(Boolean)
                  .join(' ')}
              </p>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function FieldType({ field, onOpen }: { field: MessageField; onOpen(name: string): void }) {
  const { type } = field;
  const text = typeText(field);
  if (type === undefined) return <span className="type-words">{text}</span>;
  return (
    <button type="button" className="type-button" onClick={() => onOpen(type)}>
      {text}
    </button>
  );
}

function EnumText({ enumeration }: { enumeration: EnumType }) {
  return (
    <>
      <Comment text={enumeration.comment} />
      <ul className="type-fields">
        {enumeration.values.map((value) => (
          <li key={value.name}>
            <div className="type-field data">
              <span>{value.name}</span>
              <span />
              <span className="type-number">{value.number}</span>
            </div>
            {value.comment && <p className="type-comment">{value.comment}</p>}
          </li>
        ))}
      </ul>
    </>
  );
}

function Comment({ text }: { text: string }) {
  return text === '' ? null : <p className="type-comment selectable">{text}</p>;
}
