// The door to all payload views: decodes as asked, and guesses which views make sense of the bytes.
import type { Payload } from '../protocol.ts';
import { decodeCbor } from './cbor.ts';
import { decodeHex } from './hex-dump.ts';
import { decodeJson } from './json.ts';
import { decodeMessagePack } from './messagepack.ts';
import type { Decoded, PayloadNode, PayloadView, PayloadViewName } from './payload.ts';
import { decodeProtobuf, provesNothing } from './protobuf.ts';
import { decodeTyped } from './protobuf-typed.ts';
import { decodeText, isPrintable } from './text.ts';

const DECODERS: { readonly [View in PayloadViewName]: (bytes: Uint8Array, total: number) => Decoded } = {
  text: decodeText,
  json: decodeJson,
  hex: decodeHex,
  messagepack: decodeMessagePack,
  cbor: decodeCbor,
  protobuf: decodeProtobuf,
  'protobuf-wire': decodeProtobuf,
};

/** Bytes of a payload that are looked at. */
const MAX_DECODED_BYTES = 1_048_576;

/** A payload in the view asked for, or in the one that fits best. Never throws; the answer is bounded. */
export function decodePayload(payload: Payload, view: PayloadViewName | 'auto'): PayloadView {
  const { total } = payload;
  const bytes = payload.bytes.subarray(0, MAX_DECODED_BYTES);
  const decode = onceEach({ ...payload, bytes });
  const fitting = fittingViews({ ...payload, bytes }, decode);
  const chosen = view === 'auto' ? fitting[0]! : view;
  const { error, remarks, ...decoded } = decode(chosen);
  return {
    view: chosen,
    alternatives: fitting.filter((other) => other !== chosen),
    ...decoded,
    ...(chosen === 'protobuf' && payload.messageType !== undefined && { messageType: payload.messageType }),
    ...(error && { error: `${error.message.replace(/\.$/, '')}, at byte ${error.at}.`, errorAt: error.at }),
    ...(remarks.length > 0 && { remarks }),
    total,
  };
}

type Decode = (view: PayloadViewName) => Decoded;

/** The payload in any view, decoded when first asked for. */
function onceEach(payload: Payload): Decode {
  const known = new Map<PayloadViewName, Decoded>();
  return (view) => {
    const decoded = known.get(view) ?? decodeAs(view, payload);
    known.set(view, decoded);
    return decoded;
  };
}

function decodeAs(view: PayloadViewName, { bytes, total, messageType, types }: Payload): Decoded {
  if (view !== 'protobuf' || messageType === undefined || !types) return DECODERS[view](bytes, total);
  const { fields, ...others } = decodeTyped(bytes, messageType, types, total);
  return { ...others, tree: fields.map(plainNode) };
}

/** A node without what only filters need. */
function plainNode({ label, value, type, start, length, cut, alternatives, children }: PayloadNode): PayloadNode {
  return {
    ...{ label, value, type, start, length },
    ...(cut && { cut }),
    ...(alternatives && { alternatives }),
    ...(children && { children: children.map(plainNode) }),
  };
}

/** Views that make sense of the bytes, best first; hex always does. */
function fittingViews({ bytes, total, text, messageType }: Payload, decode: Decode): PayloadViewName[] {
  if (messageType !== undefined && !decode('protobuf').error) return ['protobuf', 'protobuf-wire', 'hex', 'text'];
  if (bytes.length === 0) return ['text', 'hex'];
  if (isPrintable(bytes, bytes.length < total)) return textViews(decode);
  const binary = binaryViews(decode);
  return text ? ['text', 'hex', ...binary] : [...binary, 'hex', 'text'];
}

function textViews(decode: Decode): PayloadViewName[] {
  const json = decode('json');
  if (json.error) return ['text', 'hex'];
  // A lone number or word is JSON too, but nobody gains from seeing it so.
  return json.tree?.[0]?.children ? ['json', 'text', 'hex'] : ['text', 'json', 'hex'];
}

function binaryViews(decode: Decode): PayloadViewName[] {
  return (['messagepack', 'cbor', 'protobuf'] as const)
    .map((view) => ({ view, worth: plausibility(view, decode(view)) }))
    .filter(({ worth }) => worth > 0)
    .sort((a, b) => b.worth - a.worth)
    .map(({ view }) => view);
}

/** Field numbers beyond are legal but rarer than chance. */
const USUAL_FIELD_NUMBER = 4096;

/**
 * How likely bytes are of a format that reads them to the last one; 0: not. The self-describing formats are judged by
 * the map or array a message mostly is, with text for keys; anything of one byte could be all of them.
 */
function plausibility(view: 'messagepack' | 'cbor' | 'protobuf', { error, tree = [] }: Decoded): number {
  const root = tree[0];
  if (error || !root) return 0;
  if (view === 'protobuf') {
    return !provesNothing(tree) && tree.every((field) => Number(field.label) <= USUAL_FIELD_NUMBER) ? 2 : 0;
  }
  if (tree.length > 1 || !root.children) return 0;
  return hasText(root.children) ? 3 : 1;
}

function hasText(nodes: readonly PayloadNode[]): boolean {
  return nodes.some(({ type, label, children }) => {
    if (type === 'string' || type === 'text' || !/^(\[|-?\d)/.test(label)) return true;
    return children !== undefined && hasText(children);
  });
}
