// Takes what is typed while the editor is still being loaded, and leaves its caret to it.
import type { RefObject } from 'react';
import './editor.css';

export interface PlainEditorProps {
  text: string;
  placeholder: string;
  /** Where the caret is while it is in here; undefined while the focus is elsewhere. */
  caret: RefObject<number | undefined>;
  onChange(text: string): void;
}

export function PlainEditor({ text, placeholder, caret, onChange }: PlainEditorProps) {
  return (
    <textarea
      className="composer-plain data"
      aria-label="Message to send"
      spellCheck={false}
      placeholder={placeholder}
      value={text}
      onChange={(event) => {
        caret.current = event.target.selectionEnd;
        onChange(event.target.value);
      }}
      onSelect={(event) => {
        caret.current = event.currentTarget.selectionEnd;
      }}
      onFocus={(event) => {
        caret.current = event.target.selectionEnd;
      }}
      onBlur={() => {
        caret.current = undefined;
      }}
    />
  );
}
