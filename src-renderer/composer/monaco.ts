// Monaco, all of it local: editor, JSON, YAML and .proto files, its workers. Loaded on demand; the only file that names its modules.
import 'monaco-editor/features/register.all';
import 'monaco-editor/languages/definitions/protobuf/register';
import 'monaco-editor/languages/definitions/yaml/register';
import 'monaco-editor/languages/features/json/register';
import * as monaco from 'monaco-editor/editor';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import JsonWorker from 'monaco-editor/language/json/json.worker?worker';
import type { Theme } from '../stores/theme.ts';

self.MonacoEnvironment = {
  getWorker: (_id, label) => (label === 'json' ? new JsonWorker() : new EditorWorker()),
};

/** How every editor of the app looks and behaves. Tab leaves it: who has no mouse must get on. */
export const EDITOR_OPTIONS = {
  automaticLayout: true,
  fontFamily: 'JetBrains Mono, ui-monospace, monospace',
  fontSize: 12,
  lineHeight: 18,
  fontLigatures: false,
  minimap: { enabled: false },
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 8,
  folding: false,
  overviewRulerLanes: 0,
  renderLineHighlight: 'none',
  scrollBeyondLastLine: false,
  padding: { top: 6, bottom: 6 },
  tabFocusMode: true,
  contextmenu: false,
  unicodeHighlight: { ambiguousCharacters: true, invisibleCharacters: true, nonBasicASCII: false },
} satisfies monaco.editor.IEditorConstructionOptions;

/** Monaco draws with colours of its own: they are taken from the tokens. */
export function applyTheme(theme: Theme): void {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => longHex(style.getPropertyValue(name).trim());
  const plain = (name: string) => token(name).slice(1);
  monaco.editor.defineTheme('wirescope', {
    base: theme === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      { token: '', foreground: plain('--fg') },
      { token: 'string.key.json', foreground: plain('--accent') },
      { token: 'string.value.json', foreground: plain('--up') },
      { token: 'number.json', foreground: plain('--down') },
      { token: 'keyword.json', foreground: plain('--note') },
      { token: 'type.yaml', foreground: plain('--accent') },
      { token: 'string.yaml', foreground: plain('--up') },
      { token: 'number.yaml', foreground: plain('--down') },
      { token: 'keyword.yaml', foreground: plain('--note') },
      { token: 'comment.yaml', foreground: plain('--fg-faint') },
      { token: 'keyword.proto', foreground: plain('--accent') },
      { token: 'string.proto', foreground: plain('--up') },
      { token: 'number.proto', foreground: plain('--down') },
      { token: 'comment.proto', foreground: plain('--fg-faint') },
      { token: 'delimiter', foreground: plain('--fg-muted') },
    ],
    colors: {
      'editor.background': token('--bg'),
      'editor.foreground': token('--fg'),
      'editorLineNumber.foreground': token('--fg-faint'),
      'editorLineNumber.activeForeground': token('--fg-muted'),
      'editor.lineHighlightBackground': token('--bg'),
      'editor.lineHighlightBorder': token('--bg'),
      'editorCursor.foreground': token('--fg'),
      'editorIndentGuide.background1': token('--hairline'),
      'editorWidget.background': token('--bg-raised'),
      'editorWidget.border': token('--hairline'),
      'editor.placeholder.foreground': token('--fg-faint'),
      'input.background': token('--bg'),
      focusBorder: token('--focus'),
      'editorBracketHighlight.unexpectedBracket.foreground': token('--error'),
      'diffEditor.insertedTextBackground': `${token('--ok')}40`,
      'diffEditor.insertedLineBackground': `${token('--ok')}1c`,
      'diffEditor.removedTextBackground': `${token('--error')}40`,
      'diffEditor.removedLineBackground': `${token('--error')}1c`,
      'diffEditor.diagonalFill': token('--hairline'),
    },
  });
  monaco.editor.setTheme('wirescope');
}

/** `#abc` as `#aabbcc`: the build shortens colours, and Monaco takes no short ones. */
function longHex(colour: string): string {
  return colour.length === 4 ? colour.replace(/[0-9a-f]/gi, '$&$&') : colour;
}

export { monaco };
