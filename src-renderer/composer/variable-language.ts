// Variables in Monaco, beside whatever else its language offers: completion on `{{`, the value under the pointer, and marks.
// Whose variables a model names is said by the editor that shows it.
import type { VariableState } from '../../src-main/bridge/contract.ts';
import { completeVariable, referenceTo } from '../variables/completion.ts';
import { meaningOf, referencesOf, shownValue } from '../variables/references.ts';
import { variablesOf } from '../variables/variable-store.ts';
import { monaco } from './monaco.ts';
import { PROTO_LANGUAGE } from './proto-language.ts';
import '../variables/variable-input.css';

const LANGUAGES = ['json', 'plaintext', 'yaml', PROTO_LANGUAGE];

const sessions = new WeakMap<monaco.editor.ITextModel, string>();
const marks = new WeakMap<monaco.editor.ITextModel, string[]>();

/** Says whose variables a model's text names. */
export function setVariableSession(model: monaco.editor.ITextModel, session: string): void {
  sessions.set(model, session);
}

function variablesFor(model: monaco.editor.ITextModel): readonly VariableState[] | undefined {
  const session = sessions.get(model);
  return session === undefined ? undefined : variablesOf(session);
}

/** Marks all references in a model. */
export function markVariables(model: monaco.editor.ITextModel, variables: readonly VariableState[] | undefined): void {
  const decorations = referencesOf(model.getValue()).map((reference) => ({
    range: rangeOf(model, reference.start, reference.end),
    options: { inlineClassName: `variable variable-${meaningOf(reference, variables).state}` },
  }));
  marks.set(model, model.deltaDecorations(marks.get(model) ?? [], decorations));
}

monaco.languages.registerCompletionItemProvider(LANGUAGES, {
  triggerCharacters: ['{', '$'],
  provideCompletionItems(model, position) {
    const variables = variablesFor(model);
    const text = model.getValue();
    const found = variables && completeVariable(text, model.getOffsetAt(position), variables);
    if (!found) return { suggestions: [] };
    const range = rangeOf(model, found.start, found.end);
    // The editor completes within a line.
    if (range.startLineNumber !== range.endLineNumber) return { suggestions: [] };
    return {
      suggestions: found.variables.map((variable, index) => ({
        label: { label: variable.name, description: descriptionOf(variable) },
        kind: monaco.languages.CompletionItemKind.Variable,
        insertText: referenceTo(variable).text,
        filterText: `{{${variable.name}`,
        sortText: String(index).padStart(5, '0'),
        range,
      })),
    };
  },
});

function descriptionOf(variable: VariableState): string {
  const { layer, origin } = variable;
  return layer === 'dynamic' ? origin : `${shownValue(variable)}  ${layer}`;
}

monaco.languages.registerHoverProvider(LANGUAGES, {
  provideHover(model, position) {
    const offset = model.getOffsetAt(position);
    const reference = referencesOf(model.getValue()).find(({ start, end }) => offset >= start && offset < end);
    if (!reference || !sessions.has(model)) return null;
    const { text } = meaningOf(reference, variablesFor(model));
    return { range: rangeOf(model, reference.start, reference.end), contents: text.split('\n').map(plain) };
  },
});

/** Markdown that shows a text as it is. */
function plain(text: string): { value: string } {
  return { value: text.replace(/[\\`*_{}[\]()#+!<>|~&$-]/g, '\\$&') };
}

function rangeOf(model: monaco.editor.ITextModel, start: number, end: number): monaco.IRange {
  return monaco.Range.fromPositions(model.getPositionAt(start), model.getPositionAt(end));
}
