// ProtoJSON in Monaco: JSON that is completed and explained by the type of its message. Which type a model has is said by
// the editor that shows it.
import { bridge } from '../bridge/bridge.ts';
import { faultRange } from '../proto-json/check-path.ts';
import { complete, type Hover, hover, type Suggestion, typeSuggestion } from '../proto-json/completion.ts';
import { readJsonTree } from '../proto-json/json-tree.ts';
import { schemaOf } from '../schema/schema-store.ts';
import { monaco } from './monaco.ts';

export const PROTO_LANGUAGE = 'protojson';

export interface ProtoContext {
  session: string;
  /** Full name of the message's type. */
  type: string;
}

const contexts = new Map<string, ProtoContext>();
const MARKERS = 'wirescope';
/** Types offered for an Any. */
const FOUND_TYPES = 100;

/** Says what a model's text is a message of. */
export function setProtoContext(model: monaco.editor.ITextModel, context: ProtoContext): void {
  contexts.set(model.uri.toString(), context);
}

monaco.languages.register({ id: PROTO_LANGUAGE });
monaco.languages.setLanguageConfiguration(PROTO_LANGUAGE, {
  // Without the quotes: the editor suggests at the end of a word.
  wordPattern: /[^\s{}[\],:"]+/,
  brackets: [
    ['{', '}'],
    ['[', ']'],
  ],
  autoClosingPairs: [
    { open: '{', close: '}', notIn: ['string'] },
    { open: '[', close: ']', notIn: ['string'] },
    { open: '"', close: '"', notIn: ['string'] },
  ],
  indentationRules: { increaseIndentPattern: /[{[]\s*$/, decreaseIndentPattern: /^\s*[}\]]/ },
});
monaco.languages.setMonarchTokensProvider(PROTO_LANGUAGE, {
  tokenPostfix: '.json',
  tokenizer: {
    root: [
      [/"(?:[^"\\]|\\.)*"(?=\s*:)/, 'string.key'],
      [/"(?:[^"\\]|\\.)*"?/, 'string.value'],
      [/-?\d[\d.eE+-]*/, 'number'],
      [/true|false|null/, 'keyword'],
      [/[{}[\],:]/, 'delimiter'],
    ],
  },
});

const KINDS: { readonly [K in Suggestion['kind']]: monaco.languages.CompletionItemKind } = {
  field: monaco.languages.CompletionItemKind.Field,
  enum: monaco.languages.CompletionItemKind.EnumMember,
  value: monaco.languages.CompletionItemKind.Value,
  type: monaco.languages.CompletionItemKind.Class,
};

monaco.languages.registerCompletionItemProvider(PROTO_LANGUAGE, {
  triggerCharacters: ['"', ':', ' ', '{', '[', ',', '.'],
  async provideCompletionItems(model, position) {
    const context = contexts.get(model.uri.toString());
    const types = context && schemaOf(context.session)?.types;
    if (!context || !types) return { suggestions: [] };
    const text = model.getValue();
    const offset = model.getOffsetAt(position);
    const tree = readJsonTree(text);
    let found = complete(text, tree, offset, context.type, types);
    // The first question is what has the types asked for.
    for (let missing = types.arriving(); missing; missing = types.arriving()) {
      await missing;
      found = complete(text, tree, offset, context.type, types);
    }
    if (!found) return { suggestions: [] };
    const all = [...found.suggestions];
    if (found.typeSearch !== undefined) {
      const input = { session: context.session, text: found.typeSearch, count: FOUND_TYPES };
      const answer = await bridge.call('schema.search', input).catch(() => undefined);
      all.push(...(answer?.names ?? []).map(typeSuggestion));
    }
    const range = rangeOf(model, found.start, found.end);
    if (range.startLineNumber !== range.endLineNumber) return { suggestions: [] };
    const quoted = text[found.start] === '"';
    return {
      incomplete: found.typeSearch !== undefined,
      suggestions: all.map((suggestion, index) => ({
        label: suggestion.label,
        kind: KINDS[suggestion.kind],
        insertText: suggestion.snippet,
        insertTextRules: monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet,
        filterText: quoted ? `"${suggestion.label}"` : suggestion.label,
        sortText: String(index).padStart(5, '0'),
        detail: suggestion.detail,
        ...(suggestion.comment ? { documentation: suggestion.comment } : {}),
        ...(suggestion.deprecated ? { tags: [monaco.languages.CompletionItemTag.Deprecated] } : {}),
        range,
      })),
    };
  },
});

monaco.languages.registerHoverProvider(PROTO_LANGUAGE, {
  provideHover(model, position) {
    const context = contexts.get(model.uri.toString());
    const types = context && schemaOf(context.session)?.types;
    if (!context || !types) return null;
    const text = model.getValue();
    const found = hover(text, readJsonTree(text), model.getOffsetAt(position), context.type, types);
    if (!found) return null;
    return { range: rangeOf(model, found.start, found.end), contents: [{ value: hoverText(found) }] };
  },
});

/** Markdown; what a stranger's .proto says is escaped. */
function hoverText({ name, type, number, oneof, deprecated, comment }: Hover): string {
  const plain = (text: string) => text.replace(/[\\`*_{}[\]()#+!<>|~-]/g, '\\$&');
  const head = `**${plain(name)}** ${plain(type)}${number === undefined ? '' : ` = ${number}`}`;
  const remarks = [deprecated && 'Deprecated.', oneof && `One of ${plain(oneof)}.`, comment && plain(comment)];
  return [head, ...remarks.filter(Boolean)].join('\n\n');
}

/** Underlines what is no JSON, and what the engine says does not fit the type. */
export function markFaults(model: monaco.editor.ITextModel, error: string | undefined): void {
  const text = model.getValue();
  const tree = readJsonTree(text.trim() === '' ? '{}' : text);
  const faults = tree.faults.map(({ start, end, text: message }) => ({ start, end, message }));
  if (faults.length === 0 && error) {
    const range = faultRange(tree, error) ?? { start: 0, end: Math.min(1, text.length) };
    faults.push({ ...range, message: error });
  }
  monaco.editor.setModelMarkers(
    model,
    MARKERS,
    faults.map(({ start, end, message }) => ({
      ...rangeOf(model, start, Math.max(end, start + 1)),
      message,
      severity: monaco.MarkerSeverity.Error,
    })),
  );
}

function rangeOf(model: monaco.editor.ITextModel, start: number, end: number): monaco.IRange {
  const from = model.getPositionAt(start);
  const to = model.getPositionAt(end);
  return {
    startLineNumber: from.lineNumber,
    startColumn: from.column,
    endLineNumber: to.lineNumber,
    endColumn: to.column,
  };
}
