// What makes a text field know variables: references stand out, say their value under the pointer, and are completed on
// `{{`. Draws around a field of one line or of many, whose text is a string.
import {
  type ChangeEvent,
  type FocusEvent,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type Ref,
  use,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { createPortal } from 'react-dom';
import { classNames } from '../ui/class-names.ts';
import { completeVariable, referenceTo, type VariableCompletion } from './completion.ts';
import { CompletionList } from './completion-list.tsx';
import { meaningOf, referencesOf } from './references.ts';
import { VariableSession } from './variable-session.ts';
import { useVariables } from './variable-store.ts';
import './variable-input.css';

/** On the screen, in pixels: under a line of text, or over it where there is more room. */
type Spot = { left: number; top: number } | { left: number; bottom: number };

type TextElement = HTMLInputElement | HTMLTextAreaElement;

/** What the field does for its owner, and takes from here instead. */
export interface TextHandlers {
  onChange?(event: ChangeEvent<TextElement>): void;
  onKeyDown?(event: KeyboardEvent<TextElement>): void;
  onBlur?(event: FocusEvent<TextElement>): void;
}

export interface VariableTextProps extends TextHandlers {
  text: string;
  /** Of the field: what is drawn over it looks the same. */
  className: string;
  multiline?: boolean;
  describedBy: string | undefined;
  fieldRef?: Ref<TextElement> | undefined;
  /** Draws the field with these properties. */
  children(props: FieldProps): ReactNode;
}

export interface FieldProps extends Required<TextHandlers> {
  ref(element: TextElement | null): void;
  'aria-autocomplete': 'list';
  'aria-controls': string | undefined;
  'aria-activedescendant': string | undefined;
  'aria-describedby': string | undefined;
  onKeyUp(): void;
  onScroll(): void;
  onSelect(): void;
  onPointerMove: ((event: PointerEvent) => void) | undefined;
  onPointerLeave(): void;
}

/** The variables are those of the session around it. */
export function VariableText(props: VariableTextProps) {
  const { text, className, multiline = false, describedBy, fieldRef, onChange, onKeyDown, onBlur, children } = props;
  const session = use(VariableSession);
  const variables = useVariables(session);
  const id = useId();
  const field = useRef<TextElement>(null);
  const backdrop = useRef<HTMLDivElement>(null);
  const [completion, setCompletion] = useState<VariableCompletion & { spot: Spot }>();
  const [chosen, setChosen] = useState(0);
  const [tip, setTip] = useState<{ text: string; spot: Spot }>();
  const parts = partsOf(text, (reference) => meaningOf(reference, variables));
  const isMarked = parts.some((part) => part.meaning);
  const faults = parts.flatMap(({ meaning }) => (meaning?.state === 'undefined' ? [meaning.text] : []));

  // The marks lie over the text, however far it is scrolled.
  const align = () => {
    const [over, under] = [backdrop.current, field.current];
    if (!over || !under) return;
    // A scroll bar takes room from the text.
    over.style.paddingRight = `${Number.parseFloat(getComputedStyle(under).paddingRight) + barWidth(under)}px`;
    over.scrollLeft = under.scrollLeft;
    over.scrollTop = under.scrollTop;
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

  const change = (event: ChangeEvent<TextElement>) => {
    onChange?.(event);
    setTip(undefined);
    const { value, selectionEnd } = event.target;
    const found = variables && completeVariable(value, selectionEnd ?? value.length, variables);
    setChosen(0);
    setCompletion(found && { ...found, spot: spotAt(event.target, found.start) });
  };

  const complete = (at: number) => {
    const element = field.current;
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

  const keyDown = (event: KeyboardEvent<TextElement>) => {
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
    setTip(meaning && box && { text: meaning.text, spot: spotBeside(box, TIP_PX) });
  };

  const layer = field.current?.closest('[role="dialog"]') ?? document.body;
  const classes = ['variable-input', multiline && 'variable-area', isMarked && 'variable-input-marked'];
  return (
    <div className={classNames(...classes)}>
      {children({
        ref(element) {
          field.current = element;
          if (typeof fieldRef === 'function') fieldRef(element);
          else if (fieldRef) fieldRef.current = element;
        },
        'aria-autocomplete': 'list',
        'aria-controls': isCompleting ? `${id}-list` : undefined,
        'aria-activedescendant': isCompleting ? `${id}-list-${chosen}` : undefined,
        'aria-describedby': classNames(describedBy, faults.length > 0 && `${id}-faults`) || undefined,
        onChange: change,
        onKeyDown: keyDown,
        onKeyUp: align,
        onScroll: align,
        onSelect: align,
        onBlur(event) {
          setCompletion(undefined);
          align();
          onBlur?.(event);
        },
        onPointerMove: isMarked ? point : undefined,
        onPointerLeave: () => setTip(undefined),
      })}
      {isMarked && (
        <div ref={backdrop} className={classNames(className, 'variable-backdrop')} aria-hidden>
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

function barWidth(element: TextElement): number {
  const { borderLeftWidth, borderRightWidth } = getComputedStyle(element);
  const borders = Number.parseFloat(borderLeftWidth) + Number.parseFloat(borderRightWidth);
  return element.offsetWidth - element.clientWidth - borders;
}

/** What decides where a letter stands. */
const LAID_OUT_BY = ['font', 'fontVariant', 'letterSpacing', 'lineHeight', 'padding', 'border', 'tabSize'] as const;

/** Beside the character at `offset`: no field tells where that is, so its text is laid out once more. */
function spotAt(element: TextElement, offset: number): Spot {
  const style = getComputedStyle(element);
  const twin = document.createElement('div');
  for (const property of LAID_OUT_BY) twin.style[property] = style[property];
  const isArea = element instanceof HTMLTextAreaElement;
  Object.assign(twin.style, {
    position: 'absolute',
    visibility: 'hidden',
    boxSizing: 'border-box',
    width: `${element.offsetWidth - barWidth(element)}px`,
    whiteSpace: isArea ? 'pre-wrap' : 'pre',
    overflowWrap: 'break-word',
  });
  const caret = document.createElement('span');
  caret.textContent = '{';
  twin.append(element.value.slice(0, offset), caret);
  document.body.append(twin);
  const { offsetLeft, offsetTop, offsetHeight } = caret;
  twin.remove();
  const box = element.getBoundingClientRect();
  const left = box.left + offsetLeft - element.scrollLeft;
  if (!isArea) return spotBeside({ left, top: box.top, bottom: box.bottom }, LIST_PX);
  const top = box.top + offsetTop - element.scrollTop;
  return spotBeside({ left, top, bottom: top + offsetHeight }, LIST_PX);
}

/** As in the style sheet. */
const LIST_PX = { width: 380, height: 228 };
/** Some tips are longer, and then nearer to an edge. */
const TIP_PX = { width: 0, height: 60 };
const MARGIN_PX = 8;
const GAP_PX = 4;

function spotBeside(
  line: { left: number; top: number; bottom: number },
  { width, height }: { width: number; height: number },
): Spot {
  const { innerWidth, innerHeight } = window;
  const left = Math.max(MARGIN_PX, Math.min(line.left, innerWidth - width - MARGIN_PX));
  const below = innerHeight - line.bottom - GAP_PX - MARGIN_PX;
  const isUnder = below >= height || below >= line.top;
  return isUnder ? { left, top: line.bottom + GAP_PX } : { left, bottom: innerHeight - line.top + GAP_PX };
}
