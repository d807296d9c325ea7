// What a status says beside its code and message: each detail under the name of its type, field by field.
import type { Field, FieldValue } from '../../src-main/core/field.ts';
import { StatusChip } from '../ui/status-chip.tsx';
import { textOf } from './call-metadata.tsx';
import { fieldLines } from './message-lines.ts';
import { Visible } from './visible.tsx';

export interface StatusDetailsProps {
  /** Of the name grpc.status_details. */
  details: Field;
  /** What the status itself says: shown again only where the details differ. */
  code: FieldValue | undefined;
  message: string | undefined;
}

export function StatusDetails({ details, code, message }: StatusDetailsProps) {
  const { children = [] } = details;
  const ownCode = children.find((field) => field.name === 'grpc.status_details.code')?.value;
  const ownMessage = textOf(children, 'grpc.status_details.message');
  const entries = children
    .filter((field) => field.name === 'grpc.status_details.type')
    .map((field, place) => ({ place, type: String(field.value), lines: numbered(field) }));
  return (
    <dl className="call-details data" aria-label="Status details">
      {typeof ownCode === 'number' && ownCode !== code && (
        <div>
          <dt>Code</dt>
          <dd>
            <StatusChip code={ownCode} />
          </dd>
        </div>
      )}
      {ownMessage !== undefined && ownMessage !== (message ?? '') && (
        <div>
          <dt>Message</dt>
          <dd className="selectable">
            <Visible text={ownMessage} />
          </dd>
        </div>
      )}
      {entries.map(({ place, type, lines }) => (
        <div key={place}>
          <dt title={type}>{type.slice(type.lastIndexOf('/') + 1)}</dt>
          <dd className="selectable">
            {lines.map(({ number, text }) => (
              <span key={number} className="call-line">
                <Visible text={text} />
              </span>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function numbered({ children: [message] = [] }: Field): { number: number; text: string }[] {
  if (!message) return [{ number: 0, text: 'not decoded' }];
  return fieldLines(message).map((text, number) => ({ number, text }));
}
