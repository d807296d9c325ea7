// File names from what people call things.

const MAX_CHARS = 60;
/** File systems allow 255; time, number and extensions follow. */
const MAX_BYTES = 180;

/** Names Windows keeps for devices. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** A name every file system takes: letters, digits, dot, dash and underscore, short, never empty. */
export function fileName(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[.-]+/, '');
  const characters = Array.from(plain).slice(0, MAX_CHARS);
  while (Buffer.byteLength(characters.join('')) > MAX_BYTES) characters.pop();
  const short = characters.join('').replace(/[.-]+$/, '');
  if (short === '') return 'session';
  return RESERVED.test(short) ? `${short}-session` : short;
}

/** The first of `stem`, `stem-2`, `stem-3` … that is not taken. */
export function freeName(stem: string, taken: (name: string) => boolean): string {
  if (!taken(stem)) return stem;
  let number = 2;
  while (taken(`${stem}-${number}`)) number += 1;
  return `${stem}-${number}`;
}
