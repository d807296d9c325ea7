// A text field that knows variables: references stand out, say their value under the pointer, and are completed on `{{`.
import {
  type ChangeEvent,
  type KeyboardEvent,
  type PointerEvent,
  use,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { createPortal } from 'react-dom';
import { classNames } from '../ui/class-names.ts';
import { Input, type InputProps } from '../ui/field.tsx';
import { completeVariable, referenceTo, type VariableCompletion } from './completion.ts';
import { CompletionList } from './completion-list.tsx';
import { meaningOf, referencesOf } from './references.ts';
import { VariableSession } from './variable-session.ts';
import { useVariables } from './variable-store.ts';
import './variable-input.css';

interface Spot {
  left: number;
  top: number;
}

/** Input for a text whose value is a string and whose variables are those of the session around it. */
export function VariableInput({ ref, onChange, onKeyDown, onBlur, ...rest }: InputProps) {
  const session = use(VariableSession);
  const variables = useVariables(session);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const backdrop = useRef<HTMLDivElement>(null);
  const [completion, setCompletion] = useState<VariableCompletion & { spot: Spot }>();
  const [chosen, setChosen] = useState(0);
  const [tip, setTip] = useState<{ text: string; spot: Spot }>();
  const text = String(rest.value ?? '');
  const parts = partsOf(text, (reference) => meaningOf(reference, variables));
  const isMarked = parts.some((part) => part.meaning);
  const faults = parts.flatMap(({ meaning }) => (meaning?.state === 'undefined' ? [meaning.text] : []));

  // The marks lie over the text, however far it is scrolled.
  const align = () => {
    if (backdrop.current && input.current) backdrop.current.scrollLeft = input.current.scrollLeft;
  };
  useLayoutEffect(align);

  const isCompleting = completion !== undefined;
  useEffect(() => {
    if (!isCompleting) return undefined;
    // Before a dialog around it takes the key as its own.
    const onEscape = (event: globalThis.KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopImmediatePropagation();
      setCompletion(undefined);
    };
    window.addEventListener('keydown', onEscape, { capture: true });
    return () => window.removeEventListener('keydown', onEscape, { capture: true });
  }, [isCompleting]);

  const change = (event: ChangeEvent<HTMLInputElement>) => {
    onChange?.(event);
    setTip(undefined);
    const { value, selectionEnd } = event.target;
    const found = variables && completeVariable(value, selectionEnd ?? value.length, variables);
    setChosen(0);
    setCompletion(found && { ...found, spot: spotAt(event.target, found.start) });
  };

  const complete = (at: number) => {
    const element = input.current;
    const variable = completion?.variables[at];
    if (!element || !completion || !variable) return;
    const { start, end } = completion;
    const reference = referenceTo(variable);
    setCompletion(undefined);
    element.focus();
    element.setSelectionRange(start, end);
    // As if it had been typed: whoever listens hears of it, and it can be undone.
    document.execCommand('insertText', false, reference.text);
    element.setSelectionRange(start + reference.caret, start + reference.caret);
  };

  const keyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const count = completion?.variables.length ?? 0;
    if (count > 0 && (event.key === 'ArrowDown' || event.key === 'ArrowUp'))
      setChosen((chosen + (event.key === 'ArrowDown' ? 1 : count - 1)) % count);
    else if (count > 0 && (event.key === 'Enter' || event.key === 'Tab')) complete(chosen);
    else {
      onKeyDown?.(event);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const point = ({ clientX, clientY }: PointerEvent) => {
    const marks = [...(backdrop.current?.querySelectorAll('[data-reference]') ?? [])];
    const at = marks.findIndex((mark) => {
      const box = mark.getBoundingClientRect();
      return clientX >= box.left && clientX < box.right && clientY >= box.top && clientY < box.bottom;
    });
    const meaning = parts.filter((part) => part.meaning)[at]?.meaning;
    const box = marks[at]?.getBoundingClientRect();
    if (meaning?.text === tip?.text) return;
    setTip(meaning && box && { text: meaning.text, spot: { left: box.left, top: box.bottom + 6 } });
  };

  const layer = input.current?.closest('[role="dialog"]') ?? document.body;
  return (
    <div className={classNames('variable-input', isMarked && 'variable-input-marked')}>
      <Input
        {...rest}
        ref={(element) => {
          input.current = element;
          if (typeof ref === 'function') ref(element);
          else if (ref) ref.current = element;
        }}
        aria-autocomplete="list"
        aria-controls={isCompleting ? `${id}-list` : undefined}
        aria-activedescendant={isCompleting ? `${id}-list-${chosen}` : undefined}
        aria-describedby={classNames(rest['aria-describedby'], faults.length > 0 && `${id}-faults`) || undefined}
        onChange={change}
        onKeyDown={keyDown}
        onKeyUp={align}
        onScroll={align}
        onSelect={align}
        onBlur={(event) => {
          setCompletion(undefined);
          align();
          onBlur?.(event);
        }}
        onPointerMove={isMarked ? point : undefined}
        onPointerLeave={() => setTip(undefined)}
      />
      {isMarked && (
        <div ref={backdrop} className={classNames('input', rest.data && 'data', 'variable-backdrop')} aria-hidden>
          {parts.map(({ start, text: part, meaning }) =>
            meaning ? (
              <mark key={start} className={`variable variable-${meaning.state}`} data-reference>
                {part}
              </mark>
            ) : (
              <span key={start}>{part}</span>
            ),
          )}
        </div>
      )}
      {faults.length > 0 && (
        <span id={`${id}-faults`} className="visually-hidden">
          {faults.join(' ')}
        </span>
      )}
      {completion &&
        createPortal(
          <CompletionList
            id={`${id}-list`}
            variables={completion.variables}
            chosen={chosen}
            style={completion.spot}
            onChoose={complete}
          />,
          layer,
        )}
      {tip &&
        !isCompleting &&
        createPortal(
          <div className="tooltip variable-tip" style={tip.spot} role="tooltip">
            {tip.text}
          </div>,
          layer,
        )}
    </div>
  );
}

type Meaningful = ReturnType<typeof meaningOf>;

/** The text in pieces, references with what they mean. */
function partsOf(text: string, meaning: (reference: ReturnType<typeof referencesOf>[number]) => Meaningful) {
  const parts: { start: number; text: string; meaning?: Meaningful }[] = [];
  let at = 0;
  for (const reference of referencesOf(text)) {
    if (reference.start > at) parts.push({ start: at, text: text.slice(at, reference.start) });
    parts.push({
      start: reference.start,
      text: text.slice(reference.start, reference.end),
      meaning: meaning(reference),
    });
    at = reference.end;
  }
  if (at < text.length) parts.push({ start: at, text: text.slice(at) });
  return parts;
}

let ruler: CanvasRenderingContext2D | null = null;

/** Below the character at `offset`, on the screen. */
function spotAt(input: HTMLInputElement, offset: number): Spot {
  const style = getComputedStyle(input);
  ruler ??= document.createElement('canvas').getContext('2d');
  if (ruler) ruler.font = style.font;
  const width = ruler?.measureText(input.value.slice(0, offset)).width ?? 0;
  const box = input.getBoundingClientRect();
  const left = box.left + Number.parseFloat(style.paddingLeft) + width - input.scrollLeft;
  return { left: Math.max(8, Math.min(left, window.innerWidth - LIST_WIDTH_PX - 8)), top: box.bottom + 3 };
}

/** As in the style sheet. */
const LIST_WIDTH_PX = 380;
