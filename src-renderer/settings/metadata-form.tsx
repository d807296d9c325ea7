// What every call of a gRPC client carries.
import { type FormProps, sectionWriter } from './form.ts';
import { MetadataTable } from './metadata-table.tsx';

export function MetadataForm({ id, config }: FormProps) {
  const write = sectionWriter(id, 'grpc');
  return (
    <>
      <MetadataTable
        key={id}
        label="Metadata of every call"
        metadata={config.grpc?.metadata}
        onChange={(metadata) => write({ metadata })}
      />
      <p className="field-hint">
        Names that end in -bin carry bytes, written as base64. The next call sends what stands here.
      </p>
    </>
  );
}
