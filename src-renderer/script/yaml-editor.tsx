// The script as YAML, in Monaco, with what is wrong marked at its line.
import { useEffect, useLayoutEffect, useRef } from 'react';
import { replaceText } from '../composer/model-text.ts';
import { applyTheme, EDITOR_OPTIONS, monaco } from '../composer/monaco.ts';
import { markVariables, setVariableSession } from '../composer/variable-language.ts';
import { useTheme } from '../stores/theme.ts';
import { useVariables } from '../variables/variable-store.ts';
import type { TextFault } from './use-script-text.ts';

export interface YamlEditorProps {
  session: string;
  text: string;
  fault: TextFault | undefined;
  onChange(text: string): void;
}

const OWNER = 'script';

export default function YamlEditor({ session, text, fault, onChange }: YamlEditorProps) {
  const element = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(null);
  const theme = useTheme((state) => state.theme);
  const variables = useVariables(session);
  /** The text is being put in place by the program, not typed. */
  const isReplacing = useRef(false);
  const latest = useRef({ text, onChange });
  latest.current = { text, onChange };

  useEffect(() => applyTheme(theme), [theme]);

  useEffect(() => {
    if (!element.current) return;
    const uri = monaco.Uri.parse(`script://${encodeURIComponent(session)}/script.yaml`);
    const model = monaco.editor.getModel(uri) ?? monaco.editor.createModel(latest.current.text, 'yaml', uri);
    model.updateOptions({ tabSize: 2, insertSpaces: true });
    replaceText(model, latest.current.text);
    setVariableSession(model, session);
    const created = monaco.editor.create(element.current, {
      ...EDITOR_OPTIONS,
      model,
      wordWrap: 'on',
      ariaLabel: 'Script as YAML',
      placeholder: '- send: hello\n- expect: { contains: "Hello", within: 2s }',
      fixedOverflowWidgets: true,
      quickSuggestions: false,
      wordBasedSuggestions: 'off',
    });
    const watching = created.onDidChangeModelContent(() => {
      if (!isReplacing.current) latest.current.onChange(created.getValue());
    });
    editor.current = created;
    return () => {
      watching.dispose();
      created.dispose();
    };
  }, [session]);

  // Before anything more can be typed: that would be taken back by a text that is older.
  useLayoutEffect(() => {
    const model = editor.current?.getModel();
    if (!model) return;
    isReplacing.current = true;
    replaceText(model, text);
    isReplacing.current = false;
  }, [text]);

  useEffect(() => {
    const model = editor.current?.getModel();
    if (model && model.getValue() === text) markVariables(model, variables);
  }, [text, variables]);

  useEffect(() => {
    const model = editor.current?.getModel();
    if (!model) return;
    const line = Math.min(fault?.line ?? 1, model.getLineCount());
    const markers = fault && [
      {
        severity: monaco.MarkerSeverity.Error,
        message: fault.text,
        startLineNumber: line,
        endLineNumber: line,
        startColumn: model.getLineFirstNonWhitespaceColumn(line) || 1,
        endColumn: model.getLineMaxColumn(line),
      },
    ];
    monaco.editor.setModelMarkers(model, OWNER, markers ?? []);
  }, [fault]);

  return <div className="composer-editor" ref={element} data-testid="script-editor" />;
}
