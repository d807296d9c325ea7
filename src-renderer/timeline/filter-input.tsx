// The filter: checked as one types, in force once it is valid, with the names it may use.
import { ListFilter, X } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { bridge } from '../bridge/bridge.ts';
import { applyCompletion, type Completion, completeField, type FieldName } from './filter-completion.ts';

/** Wait after the last key before a filter is checked and put in force. */
const TYPING_MS = 180;

export interface FilterInputProps {
  /** The filter in force. */
  filter: string;
  /** A filter that makes sense here, for the empty field. */
  example: string;
  input: RefObject<HTMLInputElement | null>;
  onChange(filter: string): void;
  /** Esc in an empty field, or Enter: back to the rows. */
  onLeave(): void;
}

export function FilterInput({ filter, example, input, onChange, onLeave }: FilterInputProps) {
  const listId = useId();
  const [draft, setDraft] = useState(filter);
  const [error, setError] = useState<{ text: string; at: number }>();
  const [completion, setCompletion] = useState<Completion>();
  const [chosen, setChosen] = useState(0);
  const fields = useFieldNames();
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined);
  const asked = useRef(0);

  // A filter set elsewhere (context menu, "clear filter", another session) replaces what was typed.
  const inForce = useRef(filter);
  useEffect(() => {
    if (filter === inForce.current) return;
    inForce.current = filter;
    setDraft(filter);
    setError(undefined);
  }, [filter]);
  useEffect(() => () => clearTimeout(typing.current), []);

  const check = async (text: string): Promise<void> => {
    clearTimeout(typing.current);
    asked.current += 1;
    const question = asked.current;
    const wanted = text.trim();
    const answer = wanted === '' ? ({ ok: true } as const) : await bridge.call('filter.check', { filter: wanted });
    if (question !== asked.current) return;
    if (answer.ok) {
      setError(undefined);
      inForce.current = wanted;
      onChange(wanted);
    } else {
      setError({ text: answer.error, at: answer.at });
    }
  };

  const type = (text: string, caret: number): void => {
    setDraft(text);
    setCompletion(completeField(text, caret, fields));
    setChosen(0);
    clearTimeout(typing.current);
    typing.current = setTimeout(() => void check(text), TYPING_MS);
  };

  const complete = (name: string): void => {
    if (!completion) return;
    const next = applyCompletion(draft, completion, name);
    type(next.text, next.caret);
    setCompletion(undefined);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(next.caret, next.caret);
    });
  };

  const clear = (): void => {
    setDraft('');
    setCompletion(undefined);
    void check('');
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const chosenName = completion?.names[chosen]?.name;
    if (completion && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const step = event.key === 'ArrowDown' ? 1 : completion.names.length - 1;
      setChosen((chosen + step) % completion.names.length);
    } else if (chosenName !== undefined && (event.key === 'Tab' || event.key === 'Enter')) {
      complete(chosenName);
    } else if (event.key === 'Enter') {
      void check(draft).then(onLeave);
    } else if (event.key === 'ArrowDown') {
      onLeave();
    } else if (event.key === 'Escape') {
      if (completion) setCompletion(undefined);
      else if (draft !== '') clear();
      else onLeave();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  // A name that can still be completed is not wrong yet.
  const isWrong = error !== undefined && completion === undefined;
  return (
    <div className="tl-filter" data-invalid={isWrong}>
      <ListFilter size={14} strokeWidth={1.75} aria-hidden />
      <input
        ref={input}
        className="tl-input data"
        type="text"
        role="combobox"
        aria-label="Filter"
        aria-expanded={completion !== undefined}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={completion ? `${listId}-${chosen}` : undefined}
        aria-invalid={isWrong}
        aria-errormessage={`${listId}-error`}
        placeholder={`Filter, as ${example}`}
        spellCheck={false}
        autoComplete="off"
        value={draft}
        onChange={(event) => type(event.target.value, event.target.selectionStart ?? event.target.value.length)}
        onKeyDown={onKeyDown}
        onBlur={() => setCompletion(undefined)}
      />
      {draft !== '' && (
        <button type="button" className="tl-clear" aria-label="Clear filter" title="Clear filter" onClick={clear}>
          <X size={13} strokeWidth={2} aria-hidden />
        </button>
      )}
      {completion && (
        <div className="tl-completion" id={listId} role="listbox" aria-label="Field names">
          {completion.names.map((field, position) => (
            <div
              key={field.name}
              id={`${listId}-${position}`}
              className="tl-completion-item"
              role="option"
              tabIndex={-1}
              aria-selected={position === chosen}
              onMouseDown={(event) => {
                event.preventDefault();
                complete(field.name);
              }}
            >
              <span className="data">{field.name}</span>
              <span className="tl-completion-hint">{field.label}</span>
            </div>
          ))}
        </div>
      )}
      {error && isWrong && (
        <div className="tl-filter-error" id={`${listId}-error`} role="alert">
          <pre className="data" aria-hidden>
            {errorExcerpt(draft, error.at)}
          </pre>
          <p>{error.text}</p>
        </div>
      )}
    </div>
  );
}

/** The part of the filter around the fault with a caret under it. */
function errorExcerpt(text: string, at: number): string {
  const from = Math.max(0, Math.min(at, text.length) - 30);
  const excerpt = `${from > 0 ? '…' : ''}${text.slice(from, from + 60)}`;
  return `${excerpt}\n${' '.repeat(Math.min(at, text.length) - from + (from > 0 ? 1 : 0))}▲`;
}

/** The names a filter may use, asked once. */
function useFieldNames(): FieldName[] {
  const [fields, setFields] = useState<FieldName[]>([]);
  useEffect(() => {
    let current = true;
    bridge.call('filter.fields', {}).then(
      (names) => {
        if (current) setFields(names);
      },
      // Without names there is no completion; the filter works all the same.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, []);
  return fields;
}
