// Sec-WebSocket-Extensions (RFC 6455 §9.1) and the parameters of permessage-deflate in it (RFC 7692 §7.1).

export interface Extension {
  name: string;
  /** In order; a value of '' for a parameter without one. */
  parameters: { name: string; value: string }[];
}

/** More extensions or parameters than this in one header are not read. */
const MAX_ITEMS = 64;

/** The extensions a header names. What does not follow the grammar is read as far as it makes sense. */
export function parseExtensions(value: string): Extension[] {
  return splitOutsideQuotes(value, ',')
    .map((part) => splitOutsideQuotes(part, ';').map((item) => item.trim()))
    .filter(([name]) => name)
    .map(([name, ...parameters]) => ({
      name: name!.toLowerCase(),
      parameters: parameters.filter(Boolean).map((parameter) => {
        const equals = parameter.indexOf('=');
        if (equals < 0) return { name: parameter.toLowerCase(), value: '' };
        const text = parameter.slice(equals + 1).trim();
        return { name: parameter.slice(0, equals).trim().toLowerCase(), value: text.replace(/^"(.*)"$/, '$1') };
      }),
    }));
}

function splitOutsideQuotes(text: string, separator: ',' | ';'): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length && parts.length < MAX_ITEMS; i++) {
    const character = text[i];
    if (character === '"') quoted = !quoted;
    if (character !== separator || quoted) continue;
    parts.push(text.slice(start, i));
    start = i + 1;
  }
  parts.push(text.slice(start));
  return parts;
}

export const PERMESSAGE_DEFLATE = 'permessage-deflate';

/** What is wrong with the parameters of a permessage-deflate. */
export interface DeflateFaults {
  /** A window size that is not 8–15 without leading zeros (RFC 7692 §7.1.2). */
  windowBits: boolean;
  /** An unknown, repeated or ill-valued parameter (RFC 7692 §7). */
  parameter: boolean;
}

const WINDOW_BITS = /^(8|9|1[0-5])$/;

/** Checks the parameters. `answer`: they are the server's, which must give client_max_window_bits a value. */
export function deflateFaults(extension: Extension, answer: boolean): DeflateFaults {
  const faults = { windowBits: false, parameter: false };
  const seen = new Set<string>();
  for (const { name, value } of extension.parameters) {
    if (seen.has(name)) faults.parameter = true;
    seen.add(name);
    switch (name) {
      case 'client_no_context_takeover':
      case 'server_no_context_takeover':
        if (value !== '') faults.parameter = true;
        break;
      case 'client_max_window_bits':
        if ((value !== '' || answer) && !WINDOW_BITS.test(value)) faults.windowBits = true;
        break;
      case 'server_max_window_bits':
        if (!WINDOW_BITS.test(value)) faults.windowBits = true;
        break;
      default:
        faults.parameter = true;
    }
  }
  return faults;
}
