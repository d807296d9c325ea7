// The header tables of HPACK: the static one every connection knows (RFC 7541 Appendix A) and the dynamic one that an
// encoder fills and its decoder copies (§2.3, §4). Knows nothing of how they are written on the wire.

/** A name with a value, as one character for each byte. */
export interface TableEntry {
  readonly name: string;
  readonly value: string;
  /** The name is not known: it was referred to in a part of the connection that was not seen. */
  readonly unknown: boolean;
}

/** What every entry counts beyond its two strings (RFC 7541 §4.1). */
export const ENTRY_OVERHEAD_BYTES = 32;

/** `name` alone, or `name: value`, in the order of their indices. */
const STATIC_LINES = [
  ':authority',
  ':method: GET',
  ':method: POST',
  ':path: /',
  ':path: /index.html',
  ':scheme: http',
  ':scheme: https',
  ':status: 200',
  ':status: 204',
  ':status: 206',
  ':status: 304',
  ':status: 400',
  ':status: 404',
  ':status: 500',
  'accept-charset',
  'accept-encoding: gzip, deflate',
  'accept-language',
  'accept-ranges',
  'accept',
  'access-control-allow-origin',
  'age',
  'allow',
  'authorization',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-range',
  'content-type',
  'cookie',
  'date',
  'etag',
  'expect',
  'expires',
  'from',
  'host',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'last-modified',
  'link',
  'location',
  'max-forwards',
  'proxy-authenticate',
  'proxy-authorization',
  'range',
  'referer',
  'refresh',
  'retry-after',
  'server',
  'set-cookie',
  'strict-transport-security',
  'transfer-encoding',
  'user-agent',
  'vary',
  'via',
  'www-authenticate',
];

/** Entry n has index n + 1. */
export const STATIC_TABLE: readonly TableEntry[] = STATIC_LINES.map((line) => {
  const [name = '', value = ''] = line.split(/(?<=.): /);
  return { name, value, unknown: false };
});

/** The size of an entry as its table counts it (RFC 7541 §4.1). */
function entrySizeBytes(entry: TableEntry): number {
  return entry.name.length + entry.value.length + ENTRY_OVERHEAD_BYTES;
}

/** The newest entries that fit into `maximumBytes`, the newest first. */
export class DynamicTable {
  /** Oldest first; those before `#oldest` are gone. */
  readonly #entries: TableEntry[] = [];
  #oldest = 0;
  #sizeBytes = 0;
  #maximumBytes: number;
  #version = 0;

  constructor(maximumBytes: number) {
    this.#maximumBytes = maximumBytes;
  }

  /** Rises with every change. */
  get version(): number {
    return this.#version;
  }

  get count(): number {
    return this.#entries.length - this.#oldest;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get maximumBytes(): number {
    return this.#maximumBytes;
  }

  /** Entry by age: 0 is the newest. undefined beyond the oldest. */
  entry(age: number): TableEntry | undefined {
    return age < this.count ? this.#entries[this.#entries.length - 1 - age] : undefined;
  }

  /** Adds an entry; old ones make room. One that does not fit at all leaves the table empty (RFC 7541 §4.4). */
  insert(entry: TableEntry): void {
    const sizeBytes = entrySizeBytes(entry);
    this.#evict(this.#maximumBytes - sizeBytes);
    if (sizeBytes > this.#maximumBytes) return;
    this.#entries.push(entry);
    this.#sizeBytes += sizeBytes;
  }

  resize(maximumBytes: number): void {
    this.#maximumBytes = maximumBytes;
    this.#evict(maximumBytes);
  }

  clear(): void {
    this.#evict(-1);
  }

  /** Drops the oldest entries until the others take at most `roomBytes`. */
  #evict(roomBytes: number): void {
    this.#version++;
    while (this.#sizeBytes > roomBytes && this.count > 0) {
      this.#sizeBytes -= entrySizeBytes(this.#entries[this.#oldest]!);
      this.#oldest++;
    }
    if (this.#oldest > 64 && this.#oldest * 2 > this.#entries.length) {
      this.#entries.splice(0, this.#oldest);
      this.#oldest = 0;
    }
  }
}
