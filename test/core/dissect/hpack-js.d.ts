// The part of hpack.js that our tests use; it brings no types. Its strings have one character for each byte.
declare module 'hpack.js' {
  interface Header {
    name: string;
    value: string;
    neverIndex: boolean;
    incremental?: boolean;
    huffman?: boolean;
  }
  interface Compressor {
    write(headers: readonly Header[]): boolean;
    read(): Buffer | null;
    /** Empties the table, with the size updates that tell so. */
    reset(): void;
  }
  interface Decompressor {
    write(block: Uint8Array): boolean;
    execute(): void;
    read(): Header | null;
    on(event: 'error', listener: (error: Error) => void): void;
  }
  const hpack: {
    compressor: { create(options: { table: { maxSize: number } }): Compressor };
    decompressor: { create(options: { table: { maxSize: number } }): Decompressor };
  };
  export default hpack;
}
