// A .proto file in Monaco, to read only: what is wrong is underlined in its place.
import { useEffect, useRef } from 'react';
import type { SchemaProblem } from '../../src-main/core/schema.ts';
import { replaceText } from '../composer/model-text.ts';
import { applyTheme, EDITOR_OPTIONS, monaco } from '../composer/monaco.ts';
import { useTheme } from '../stores/theme.ts';

export interface ProtoViewerProps {
  label: string;
  text: string;
  problems: readonly SchemaProblem[];
  /** Brought into view. */
  at: SchemaProblem;
}

const OWNER = 'schema';

export default function ProtoViewer({ label, text, problems, at }: ProtoViewerProps) {
  const element = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(null);
  const theme = useTheme((state) => state.theme);
  const first = useRef({ label, text, at });

  useEffect(() => applyTheme(theme), [theme]);

  useEffect(() => {
    if (!element.current) return;
    const model = monaco.editor.createModel(first.current.text, 'proto');
    const created = monaco.editor.create(element.current, {
      ...EDITOR_OPTIONS,
      model,
      readOnly: true,
      renderValidationDecorations: 'on',
      lineNumbersMinChars: 4,
      // Where in the file something is wrong shows beside the scroll bar, too.
      overviewRulerLanes: 3,
      ariaLabel: first.current.label,
      fixedOverflowWidgets: true,
    });
    const { line, column = 1 } = first.current.at;
    if (line !== undefined) {
      created.setPosition(model.validatePosition({ lineNumber: line, column }));
      created.revealLineInCenter(Math.min(line, model.getLineCount()));
    }
    created.focus();
    editor.current = created;
    return () => {
      created.dispose();
      model.dispose();
    };
  }, []);

  useEffect(() => {
    const model = editor.current?.getModel();
    if (!model) return;
    replaceText(model, text);
    const placed = problems.filter(({ line }) => line !== undefined);
    monaco.editor.setModelMarkers(
      model,
      OWNER,
      placed.map((problem) => markerOf(model, problem)),
    );
  }, [text, problems]);

  return <div className="composer-editor" ref={element} data-testid="proto-viewer" />;
}

/** From the place to the end of the word there; the whole line of a problem without a column. */
function markerOf(model: monaco.editor.ITextModel, problem: SchemaProblem): monaco.editor.IMarkerData {
  const lineNumber = Math.min(problem.line ?? 1, model.getLineCount());
  const start = problem.column ?? (model.getLineFirstNonWhitespaceColumn(lineNumber) || 1);
  const { column } = model.validatePosition({ lineNumber, column: start });
  const word = problem.column === undefined ? undefined : model.getWordAtPosition({ lineNumber, column });
  const end = word?.endColumn ?? (problem.column === undefined ? model.getLineMaxColumn(lineNumber) : column + 1);
  return {
    severity: problem.severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
    message: problem.text,
    startLineNumber: lineNumber,
    endLineNumber: lineNumber,
    startColumn: column,
    endColumn: Math.max(end, column + 1),
  };
}
