// Header lists as a person reads them: each header with its bytes in the block, its representation, and the dynamic table as
// it is behind the block. For HTTP/2 and for what rides on it.
import type { Field, FieldDefinition } from '../../field.ts';
import { oneLine, shorten } from '../../payload/preview.ts';
import type { RecordView } from '../../protocol.ts';
import { NONE } from '../../record.ts';
import { utf8 } from '../bytes.ts';
import { type HeaderItem, Representation } from './hpack.ts';
import { decodeHeaders, type KeptHeaders, MAX_KEPT_BYTES } from './kept.ts';

const MAX_DISPLAY_CHARS = 200;
/** Blocks that are read to show the dynamic table, and entries of it that are shown. */
const MAX_TABLE_BLOCKS = 16;
const MAX_TABLE_ENTRIES = 200;

/** Headers that have a field of their own in Wireshark: the header's name with underscores. */
const OWN_FIELDS = [
  'authority',
  'status',
  'path',
  'method',
  'scheme',
  'accept',
  'accept_encoding',
  'accept_language',
  'authorization',
  'cache_control',
  'content_encoding',
  'content_length',
  'content_type',
  'cookie',
  'date',
  'etag',
  'location',
  'referer',
  'retry_after',
  'server',
  'set_cookie',
  'user_agent',
  'via',
  'www_authenticate',
];
const ownFields = new Map(
  OWN_FIELDS.map((name, i) => [i < 5 ? `:${name}` : name.replaceAll('_', '-'), `http2.headers.${name}`]),
);

export const headerDefinitions: readonly FieldDefinition[] = [
  { name: 'http2.header', label: 'Header', type: 'string' },
  { name: 'http2.header.count', label: 'Number of headers', type: 'number' },
  { name: 'http2.header.name.length', label: 'Length of the name', type: 'number' },
  { name: 'http2.header.name', label: 'Name', type: 'string' },
  { name: 'http2.header.value.length', label: 'Length of the value', type: 'number' },
  { name: 'http2.header.value', label: 'Value', type: 'string' },
  { name: 'http2.header.repr', label: 'Representation', type: 'string' },
  { name: 'http2.header.index', label: 'Index', type: 'number' },
  { name: 'http2.header_table_size_update', label: 'Table size update', type: 'number' },
  { name: 'http2.header_table_size_update.header_table_size', label: 'New table size', type: 'number' },
  { name: 'http2.header_table', label: 'Dynamic table', type: 'string' },
  { name: 'http2.header_table.size', label: 'Size', type: 'number' },
  { name: 'http2.header_table.maximum', label: 'Maximum size', type: 'number' },
  { name: 'http2.header_table.count', label: 'Entries', type: 'number' },
  { name: 'http2.header_table.entry', label: 'Entry', type: 'string' },
  ...[...ownFields].map(([header, name]): FieldDefinition => ({ name, label: header, type: 'string' })),
];

const labels = new Map(headerDefinitions.map((definition) => [definition.name, definition.label]));

/** The header list kept for a record, or undefined if there is none. */
export function headersOf(view: RecordView): KeptHeaders | undefined {
  const bytes = view.record.derived === NONE ? undefined : view.derived(MAX_KEPT_BYTES);
  return bytes && decodeHeaders(bytes);
}

/** Text of a name or value, whose characters are bytes. */
export function headerText(text: string): string {
  return [...text].some((character) => character > '\x7f')
    ? utf8(Uint8Array.from(text, (character) => character.charCodeAt(0)))
    : text;
}

/** What stands between two headers: `:path: /chat`. */
function headerLine({ name, value }: { name: string; value: string }): string {
  return shorten(oneLine(`${headerText(name)}: ${headerText(value)}`), MAX_DISPLAY_CHARS);
}

/** Where the block of a list is: the source, and where in it the block begins. */
export interface BlockPlace {
  source: number;
  start: number;
}

/** Fields of all headers of a list. */
export function headerListFields(view: RecordView, kept: KeptHeaders, place: BlockPlace): Field[] {
  const headers = kept.items.filter((item) => item.representation !== Representation.sizeUpdate);
  const count = headers.length + kept.omitted;
  return [
    {
      ...computed('http2.header.count', count),
      ...(kept.omitted > 0 && { display: `${count}, ${kept.omitted} left out` }),
    },
    ...kept.items.map((item) => itemField(item, place)),
    tableField(view, kept),
  ];
}

function itemField(item: HeaderItem, { source, start }: BlockPlace): Field {
  const range = { source, start: start + item.start, length: item.length };
  const { name, value, index, representation } = item;
  if (representation === Representation.sizeUpdate) {
    const size = { ...computed('http2.header_table_size_update.header_table_size', index), ...range };
    return { ...computed('http2.header_table_size_update', index), ...range, children: [size] };
  }
  const text = headerText(value);
  const children: Field[] = [
    computed('http2.header.name.length', name.length),
    { ...computed('http2.header.name', headerText(name)), ...range },
    computed('http2.header.value.length', value.length),
    { ...computed('http2.header.value', text), ...range, display: shorten(oneLine(text), MAX_DISPLAY_CHARS) },
  ];
  const own = ownFields.get(name);
  if (own) children.push({ ...computed(own, text), ...range, display: shorten(oneLine(text), MAX_DISPLAY_CHARS) });
  children.push({ ...computed('http2.header.repr', representationName(item)), ...range });
  if (index > 0) children.push({ ...computed('http2.header.index', index), ...range });
  return { ...computed('http2.header', headerLine(item)), ...range, children };
}

/** The words of RFC 7541 §6, as Wireshark has them. */
function representationName({ representation, index }: HeaderItem): string {
  const name = index > 0 ? 'Indexed Name' : 'New Name';
  switch (representation) {
    case Representation.indexed:
      return 'Indexed Header Field';
    case Representation.incremental:
      return `Literal Header Field with Incremental Indexing - ${name}`;
    case Representation.withoutIndexing:
      return `Literal Header Field without Indexing - ${name}`;
    default:
      return `Literal Header Field never Indexed - ${name}`;
  }
}

/** The dynamic table behind a block: what this block and those before it have put there, as far as it is read back. */
function tableField(view: RecordView, kept: KeptHeaders): Field {
  const entries = tableEntries(view, kept);
  const { tableCount: count, tableBytes, tableMaximumBytes } = kept;
  const children = entries.map((entry, i): Field => {
    const index = FIRST_DYNAMIC_INDEX + i;
    return { ...computed('http2.header_table.entry', headerLine(entry)), label: `Entry ${index}` };
  });
  const shown = entries.length < count ? `, the newest ${entries.length} are shown` : '';
  return {
    ...computed('http2.header_table', null),
    display: `${count} ${count === 1 ? 'entry' : 'entries'}, ${tableBytes} of ${tableMaximumBytes} bytes${shown}`,
    children: [
      computed('http2.header_table.count', count),
      computed('http2.header_table.size', tableBytes),
      computed('http2.header_table.maximum', tableMaximumBytes),
      ...children,
    ],
  };
}

const FIRST_DYNAMIC_INDEX = 62;

/** Newest first. */
function tableEntries(view: RecordView, kept: KeptHeaders): HeaderItem[] {
  const wanted = Math.min(kept.tableCount, MAX_TABLE_ENTRIES);
  const entries: HeaderItem[] = [];
  let block: KeptHeaders | undefined = kept;
  for (let blocks = 0; block && blocks < MAX_TABLE_BLOCKS && entries.length < wanted; blocks++) {
    // Entries that were left out of a list would move the others.
    if (block.omitted > 0) break;
    for (let i = block.items.length - 1; i >= 0 && entries.length < wanted; i--) {
      const item = block.items[i]!;
      if (item.representation === Representation.incremental) entries.push(item);
    }
    const before: RecordView | undefined = block.insertedBefore === NONE ? undefined : view.at(block.insertedBefore);
    block = before && headersOf(before);
  }
  return entries;
}

function computed(name: string, value: Field['value']): Field {
  return { name, label: labels.get(name) ?? name, value, start: 0, length: 0 };
}
