// What is wrong with something a person wrote to be sent.

/** `message` is a sentence that names the position where there is one. */
export class ContentError extends Error {
  /** Index of the offending character in the text given, from 0; absent if no single one is to blame. */
  readonly at: number | undefined;

  constructor(what: string, at?: number) {
    super(at === undefined ? `${what}.` : `${what}, at character ${at + 1}.`);
    this.name = 'ContentError';
    this.at = at;
  }
}
