// Metadata of a gRPC call: names and values, as far as the application set them.
import type { Field } from '../../src-main/core/field.ts';
import { Visible } from './visible.tsx';

export interface CallMetadataProps {
  label: string;
  fields: readonly Field[];
  /** A name that is shown elsewhere. */
  without?: string | undefined;
}

export function CallMetadata({ label, fields, without }: CallMetadataProps) {
  const entries = fields
    .filter((field) => field.name === 'grpc.metadata')
    .map(({ children = [] }, place) => ({ place, children, name: textOf(children, 'grpc.metadata.name') ?? '' }))
    .filter(({ name }) => name !== without);
  if (entries.length === 0) return null;
  return (
    <dl className="call-metadata data" aria-label={label}>
      {entries.map(({ place, children, name }) => {
        const binary = children.find((child) => child.name === 'grpc.metadata.binary');
        const value = binary?.display ?? textOf(children, 'grpc.metadata.value') ?? '';
        return (
          <div key={place}>
            <dt title={name}>{name}</dt>
            <dd className="selectable">
              <Visible text={value} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** The text of the first field of a name. */
export function textOf(fields: readonly Field[], name: string): string | undefined {
  const value = fields.find((field) => field.name === name)?.value;
  return typeof value === 'string' ? value : undefined;
}
