// Fields of a record by their name, as text the way `tshark -T fields` prints them: numbers in decimal, booleans as 1
// and 0, bytes as hex. Reads the record's bytes only if its numbers do not tell.
import type { Capture } from '../../capture/capture.ts';
import { hex } from '../../core/dissect/bytes.ts';
import { protocolById, protocols } from '../../core/dissect/registry.ts';
import { Catalog, type FilterValue } from '../../core/filter/catalog.ts';
import { type FilterSubject, ViewSubject } from '../../core/filter/subject.ts';

const catalog = new Catalog(protocols);

/** The texts of all fields of one name, in order. */
export type FieldReader = (subject: FilterSubject) => string[];

/** undefined: no protocol has such a field. */
export function fieldReader(name: string): FieldReader | undefined {
  const reader = catalog.reader(name);
  if (!reader) return undefined;
  return (subject) => {
    const texts: string[] = [];
    reader.some(subject, (value) => {
      texts.push(valueText(value));
      return false;
    });
    return texts;
  };
}

/** The known name that is most like the given one, if any is. */
export function nearestField(name: string): string | undefined {
  return catalog.nearest(name);
}

/** undefined for a record of a protocol that a newer version wrote. */
export function subjectOf(capture: Capture, seq: number): FilterSubject | undefined {
  const view = capture.view(seq);
  const protocol = protocolById(view.record.protocol);
  return protocol && new ViewSubject().set(view, protocol);
}

function valueText(value: FilterValue): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof Uint8Array) return hex(value);
  return value === null ? '' : String(value);
}
