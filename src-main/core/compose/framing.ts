// Gives a message the framing that dissect/tcp-framing.ts takes off again: its line end, delimiter or length prefix.
import type { Framing } from '../protocol.ts';

const LINE_FEED = 0x0a;

/**
 * The wire bytes of one message: the message itself for `none`, else a new array. A message that contains the line end
 * or delimiter is sent as it is and arrives as several. Throws a RangeError, with a sentence for a person, if the
 * message does not fit: wrong length for `fixed`, too long for the prefix.
 */
export function frameMessage(framing: Framing, message: Uint8Array): Uint8Array {
  switch (framing.kind) {
    case 'none':
      return message;
    case 'lines':
      return concatenate(message, Uint8Array.of(LINE_FEED));
    case 'delimiter':
      return concatenate(message, framing.delimiter);
    case 'length-prefix':
      return concatenate(lengthPrefix(framing, message.length), message);
    case 'fixed':
      if (message.length !== framing.length) {
        throw new RangeError(
          `The message has ${message.length} bytes, but every message of this framing has ${framing.length}.`,
        );
      }
      return message;
  }
}

function lengthPrefix(framing: Framing & { kind: 'length-prefix' }, messageBytes: number): Uint8Array {
  const announced = framing.includesItself ? messageBytes + framing.bytes : messageBytes;
  if (announced >= 2 ** (8 * framing.bytes)) {
    throw new RangeError(
      `The message has ${messageBytes} bytes: too long for a length prefix of ${framing.bytes} ${framing.bytes === 1 ? 'byte' : 'bytes'}.`,
    );
  }
  const prefix = new Uint8Array(framing.bytes);
  let rest = announced;
  for (let i = 0; i < prefix.length; i++) {
    prefix[framing.littleEndian ? i : prefix.length - 1 - i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return prefix;
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
