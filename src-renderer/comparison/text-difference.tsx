// Two texts side by side in Monaco, with what differs marked by colour, sign and place.
import { useEffect, useRef } from 'react';
import { applyTheme, EDITOR_OPTIONS, monaco } from '../composer/monaco.ts';
import { useTheme } from '../stores/theme.ts';

export interface TextDifferenceProps {
  one: string;
  other: string;
  language: 'json' | 'plaintext';
}

export default function TextDifference({ one, other, language }: TextDifferenceProps) {
  const element = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneDiffEditor>(null);
  const theme = useTheme((state) => state.theme);
  useEffect(() => applyTheme(theme), [theme]);

  useEffect(() => {
    if (!element.current) return;
    const created = monaco.editor.createDiffEditor(element.current, {
      ...EDITOR_OPTIONS,
      readOnly: true,
      domReadOnly: true,
      glyphMargin: false,
      diffWordWrap: 'on',
      ignoreTrimWhitespace: false,
      renderOverviewRuler: false,
      hideCursorInOverviewRuler: true,
      renderIndicators: true,
      renderMarginRevertIcon: false,
      renderGutterMenu: false,
      hideUnchangedRegions: { enabled: true },
      // Beside each other, as the rows are.
      useInlineViewWhenSpaceIsLimited: false,
      originalAriaLabel: 'Text of the left run',
      modifiedAriaLabel: 'Text of the right run',
    });
    editor.current = created;
    return () => {
      const model = created.getModel();
      created.dispose();
      model?.original.dispose();
      model?.modified.dispose();
    };
  }, []);

  useEffect(() => {
    const shown = editor.current;
    if (!shown) return;
    const before = shown.getModel();
    const original = monaco.editor.createModel(one, language);
    const modified = monaco.editor.createModel(other, language);
    shown.setModel({ original, modified });
    before?.original.dispose();
    before?.modified.dispose();
  }, [one, other, language]);

  return <div className="comparison-editor" ref={element} data-testid="text-difference" />;
}
