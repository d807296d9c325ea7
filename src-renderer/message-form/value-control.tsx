// The control of a value, whatever it is: this is where a form follows its type down.
import { ANY, wrappedKind } from '../proto-json/value-type.ts';
import { AnyControl } from './any-control.tsx';
import type { ValueControlProps } from './form-context.ts';
import { ListControl } from './list-control.tsx';
import { MapControl } from './map-control.tsx';
import { NestedControl } from './nested-control.tsx';
import { EnumControl, ScalarControl, TextControl, TimestampControl } from './scalar-control.tsx';

const TEXT_FORMS: { readonly [type: string]: { kind: 'duration' | 'fieldMask' | 'json'; placeholder: string } } = {
  'google.protobuf.Duration': { kind: 'duration', placeholder: '1.5s' },
  'google.protobuf.FieldMask': { kind: 'fieldMask', placeholder: 'user.name,text' },
  'google.protobuf.Struct': { kind: 'json', placeholder: '{"any": "JSON object"}' },
  'google.protobuf.Value': { kind: 'json', placeholder: 'any JSON' },
  'google.protobuf.ListValue': { kind: 'json', placeholder: '["any", "JSON", "list"]' },
};

export function ValueControl(props: ValueControlProps) {
  const { value, depth, isElement = false, ...rest } = props;
  const presence = props.presence && !isElement;
  switch (value.shape) {
    case 'scalar':
      return <ScalarControl {...rest} presence={presence} isElement={isElement} kind={value.kind} />;
    case 'enum':
      return <EnumControl {...rest} presence={presence} isElement={isElement} type={value.type} />;
    case 'list':
      return value.field && <ListControl {...rest} field={value.field} depth={depth} />;
    case 'map':
      return value.field && <MapControl {...rest} field={value.field} depth={depth} />;
    case 'message': {
      const wrapped = wrappedKind(value.type);
      if (wrapped) return <ScalarControl {...rest} presence={!isElement} isElement={isElement} kind={wrapped} />;
      if (value.type === 'google.protobuf.Timestamp')
        return <TimestampControl {...rest} presence={presence} isElement={isElement} />;
      const form = TEXT_FORMS[value.type];
      if (form) return <TextControl {...rest} presence={presence} isElement={isElement} {...form} />;
      if (value.type === ANY) return <AnyControl {...rest} depth={depth} isElement={isElement} />;
      return <NestedControl {...rest} type={value.type} depth={depth} isElement={isElement} />;
    }
  }
}
