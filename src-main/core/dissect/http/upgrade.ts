// The opening handshake of WebSocket over HTTP/1.1 (RFC 6455 §4): what a request asks for, whether the answer fits it,
// and what both agreed on.

import { deflateFaults, PERMESSAGE_DEFLATE, parseExtensions } from '../websocket/extensions.ts';
import type { WebSocketAgreement } from '../websocket/websocket.ts';
import { HttpNote as Note } from './format.ts';
import { type Head, headerNames, headerValue } from './head.ts';
import { acceptFor } from './sha1.ts';

/** What a request to upgrade offered. */
export interface UpgradeOffer {
  key: string;
  subprotocols: string[];
  /** Names. */
  extensions: string[];
}

/** 16 bytes in base64. */
const KEY = /^[A-Za-z0-9+/]{21}[AQgw]==$/;

/** What a request offers, with notes on how it does; undefined if it does not ask for WebSocket. */
export function readOffer(head: Head): { offer: UpgradeOffer; notes: number } | undefined {
  if (head.startLine.kind !== 'request' || !headerNames(head, 'upgrade', 'websocket')) return undefined;
  const { method, version } = head.startLine;
  let notes = 0;
  if (method.text !== 'GET' || version.text < 'HTTP/1.1') notes |= Note.upgradeMethod;
  if (!headerNames(head, 'connection', 'upgrade')) notes |= Note.missingConnection;
  if (headerValue(head, 'sec-websocket-version') !== '13') notes |= Note.badVersion;
  const key = headerValue(head, 'sec-websocket-key') ?? '';
  if (!KEY.test(key)) notes |= Note.badKey;
  const extensions = parseExtensions(headerValue(head, 'sec-websocket-extensions') ?? '');
  for (const extension of extensions) {
    if (extension.name === PERMESSAGE_DEFLATE) notes |= faultNotes(deflateFaults(extension, false));
  }
  const subprotocols = (headerValue(head, 'sec-websocket-protocol') ?? '').split(',').map((item) => item.trim());
  return { offer: { key, subprotocols, extensions: extensions.map((extension) => extension.name) }, notes };
}

/**
 * What a 101 answer to WebSocket agrees on, with notes on how it does.
 * @param offer what was asked for, as far as it was seen
 */
export function readAnswer(
  head: Head,
  offer: UpgradeOffer | undefined,
): { agreement: WebSocketAgreement; notes: number } {
  let notes = 0;
  if (!headerNames(head, 'connection', 'upgrade')) notes |= Note.missingConnection;
  const accept = headerValue(head, 'sec-websocket-accept');
  if (accept === undefined) notes |= Note.missingAccept;
  else if (offer && accept !== acceptFor(offer.key)) notes |= Note.wrongAccept;
  const subprotocol = headerValue(head, 'sec-websocket-protocol');
  if (offer && subprotocol !== undefined && !offer.subprotocols.includes(subprotocol)) {
    notes |= Note.subprotocolNotOffered;
  }
  const agreement: WebSocketAgreement = { deflate: undefined, otherExtension: false };
  for (const extension of parseExtensions(headerValue(head, 'sec-websocket-extensions') ?? '')) {
    if (offer && !offer.extensions.includes(extension.name)) notes |= Note.extensionNotOffered;
    if (extension.name !== PERMESSAGE_DEFLATE) {
      agreement.otherExtension = true;
      notes |= Note.unknownExtension;
      continue;
    }
    if (agreement.deflate) notes |= Note.badDeflateParameter;
    notes |= faultNotes(deflateFaults(extension, true));
    const has = (name: string) => extension.parameters.some((parameter) => parameter.name === name);
    agreement.deflate ??= {
      clientNoContextTakeover: has('client_no_context_takeover'),
      serverNoContextTakeover: has('server_no_context_takeover'),
    };
  }
  return { agreement, notes };
}

function faultNotes(faults: { windowBits: boolean; parameter: boolean }): number {
  return (faults.windowBits ? Note.badWindowBits : 0) | (faults.parameter ? Note.badDeflateParameter : 0);
}
