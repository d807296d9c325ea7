// The text being composed, in Monaco. One editor; a model for each session and mode keeps its own undoing.
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { useTheme } from '../stores/theme.ts';
import { useVariables } from '../variables/variable-store.ts';
import type { Mode } from './content.ts';
import { replaceText } from './model-text.ts';
import { applyTheme, EDITOR_OPTIONS, monaco } from './monaco.ts';
import { markFaults, PROTO_LANGUAGE, type ProtoContext, setProtoContext } from './proto-language.ts';
import { markVariables, setVariableSession } from './variable-language.ts';
import './editor.css';

export interface EditorProps {
  session: string;
  mode: Mode;
  text: string;
  placeholder: string;
  /** The message's type: JSON is completed and explained by it. */
  proto?: ProtoContext | undefined;
  /** What the engine has against the text. */
  error?: string | undefined;
  /** Takes the focus at this offset, which somebody was typing at before the editor was here. */
  caret: RefObject<number | undefined>;
  onChange(text: string): void;
}

export default function Editor(props: EditorProps) {
  const { session, mode, text, placeholder, proto, error, caret, onChange } = props;
  const type = mode === 'json' ? proto?.type : undefined;
  const element = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(null);
  const theme = useTheme((state) => state.theme);
  const variables = useVariables(session);
  const latest = useRef(onChange);
  /** The model takes over the draft's text, which is not to be handed back: it may be older than the draft by then. */
  const isReplacing = useRef(false);
  useEffect(() => {
    latest.current = onChange;
  });

  useEffect(() => applyTheme(theme), [theme]);

  useLayoutEffect(() => {
    if (!element.current) return;
    const created = monaco.editor.create(element.current, {
      ...EDITOR_OPTIONS,
      model: null,
      glyphMargin: false,
      wordWrap: 'on',
      ariaLabel: 'Message to send',
      fixedOverflowWidgets: true,
      quickSuggestions: false,
      wordBasedSuggestions: 'off',
      suggest: { showWords: false, preview: false },
    });
    const watching = created.onDidChangeModelContent(() => {
      if (!isReplacing.current) latest.current(created.getValue());
    });
    editor.current = created;
    return () => {
      watching.dispose();
      created.dispose();
    };
  }, []);

  // The model follows the mode; the text follows the draft where something else has changed it, before more can be typed.
  useLayoutEffect(() => {
    const place = type === undefined ? mode : `${mode}/${type}`;
    const uri = monaco.Uri.parse(`draft://${encodeURIComponent(session)}/${place}`);
    const language = type !== undefined ? PROTO_LANGUAGE : mode === 'json' ? 'json' : 'plaintext';
    const model = monaco.editor.getModel(uri) ?? monaco.editor.createModel(text, language, uri);
    if (type !== undefined) setProtoContext(model, { session, type });
    setVariableSession(model, session);
    if (editor.current?.getModel() !== model) {
      editor.current?.setModel(model);
      const suggests = type !== undefined;
      editor.current?.updateOptions({ quickSuggestions: suggests && { other: true, strings: true, comments: false } });
    }
    isReplacing.current = true;
    replaceText(model, text);
    isReplacing.current = false;
  }, [session, mode, type, text]);

  useEffect(() => {
    const model = editor.current?.getModel();
    if (model && type !== undefined && model.getValue() === text) markFaults(model, error);
  }, [type, text, error]);

  useEffect(() => {
    const model = editor.current?.getModel();
    if (model && model.getValue() === text) markVariables(model, variables);
  }, [text, variables]);

  useEffect(() => {
    const offset = caret.current;
    const model = editor.current?.getModel();
    if (offset === undefined || !model) return;
    caret.current = undefined;
    editor.current?.setPosition(model.getPositionAt(offset));
    editor.current?.focus();
  }, [caret]);

  // Monaco leaves a placeholder standing when a filled model takes the place of an empty one.
  const shownPlaceholder = text === '' ? placeholder : '';
  useEffect(() => editor.current?.updateOptions({ placeholder: shownPlaceholder }), [shownPlaceholder]);

  return <div className="composer-editor" ref={element} data-testid="composer-editor" />;
}
