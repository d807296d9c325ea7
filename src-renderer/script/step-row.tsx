// A step of a script: its number, how it went, what it does; its form and its error under it; its menu.
import { ChevronRight, Copy, Ellipsis, GripVertical, MoveDown, MoveUp, Trash2 } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, memo } from 'react';
import type { SessionConfig, Step } from '../../src-main/core/session-config.ts';
import { IconButton } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { type StepResult, stepTime } from './run-marks.ts';
import { hasForm, StepForm } from './step-form.tsx';
import { StepMark, stateWord } from './step-mark.tsx';
import { kindOf, STEP_LABELS, stepSummary } from './step-text.ts';

export interface StepOrders {
  change(at: number, step: Step): void;
  toggle(at: number): void;
  move(from: number, to: number): void;
  duplicate(at: number): void;
  remove(at: number): void;
  /** A step is dragged over this one; undefined: it has gone. */
  dragOver(at: number | undefined): void;
}

export interface StepRowProps {
  step: Step;
  at: number;
  count: number;
  result: StepResult | undefined;
  isOpen: boolean;
  isDropTarget: boolean;
  config: SessionConfig;
  orders: StepOrders;
}

const DRAGGED = 'application/x-wirescope-step';

export const StepRow = memo(function StepRow(props: StepRowProps) {
  const { step, at, count, result, isOpen, isDropTarget, config, orders } = props;
  const label = STEP_LABELS[kindOf(step)];
  const summary = stepSummary(step);
  const isShown = isOpen && hasForm(step);
  return (
    <li
      className={classNames(
        'step',
        isShown && 'step-open',
        isDropTarget && 'step-drop',
        `step-is-${result?.state ?? 'new'}`,
      )}
      draggable={!isShown}
      onDragStart={(event) => event.dataTransfer.setData(DRAGGED, String(at))}
      onDragEnd={() => orders.dragOver(undefined)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAGGED)) return;
        event.preventDefault();
        orders.dragOver(at);
      }}
      onDrop={(event) => onDrop(event, at, orders)}
    >
      <div className="step-head">
        <GripVertical className="step-grip" size={12} strokeWidth={2} aria-hidden />
        <span className="step-number data">{at + 1}</span>
        <StepMark state={result?.state} />
        <button
          type="button"
          className="step-button"
          aria-expanded={hasForm(step) ? isShown : undefined}
          aria-label={[`Step ${at + 1}: ${label} ${summary}`.trim(), result && stateWord(result.state), result?.error]
            .filter(Boolean)
            .join(', ')}
          onClick={() => orders.toggle(at)}
          onKeyDown={(event) => onKeyDown(event, at, count, orders)}
        >
          <span className="step-label">{label}</span>
          <span className="step-summary data" title={summary}>
            {summary}
          </span>
          {result?.ms != null && result.state !== 'skipped' && (
            <span className="step-time data">{stepTime(result.ms)}</span>
          )}
          {hasForm(step) && <ChevronRight className="step-chevron" size={12} strokeWidth={2} aria-hidden />}
        </button>
        <Menu entries={entriesOf(at, count, orders)} align="end">
          <IconButton label={`Step ${at + 1}: more`} icon={Ellipsis} />
        </Menu>
      </div>
      {result?.state === 'failed' && result.error && (
        <p className="step-error selectable" role="alert">
          {result.error}
        </p>
      )}
      {isShown && <StepForm step={step} config={config} onChange={(next) => orders.change(at, next)} />}
    </li>
  );
});

function entriesOf(at: number, count: number, orders: StepOrders): MenuEntry[] {
  return [
    { text: 'Duplicate', icon: Copy, shortcut: 'Alt+Shift+↓', run: () => orders.duplicate(at) },
    { type: 'separator' },
    { text: 'Move up', icon: MoveUp, shortcut: 'Alt+↑', disabled: at === 0, run: () => orders.move(at, at - 1) },
    {
      text: 'Move down',
      icon: MoveDown,
      shortcut: 'Alt+↓',
      disabled: at === count - 1,
      run: () => orders.move(at, at + 1),
    },
    { type: 'separator' },
    { text: 'Delete', icon: Trash2, shortcut: 'Del', danger: true, run: () => orders.remove(at) },
  ];
}

function onKeyDown(event: KeyboardEvent<HTMLElement>, at: number, count: number, orders: StepOrders): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 1 && event.altKey && event.shiftKey) orders.duplicate(at);
  else if (step !== 0 && event.altKey) {
    if (at + step >= 0 && at + step < count) orders.move(at, at + step);
  } else if (step !== 0) focusStep(event.currentTarget, at + step);
  else if (event.key === 'Home') focusStep(event.currentTarget, 0);
  else if (event.key === 'End') focusStep(event.currentTarget, count - 1);
  else if (event.key === 'Delete') orders.remove(at);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Puts the focus on a step of the list that `within` is part of. */
function focusStep(within: HTMLElement, at: number): void {
  within.closest('ol')?.querySelectorAll<HTMLElement>('.step-button')[at]?.focus();
}

function onDrop(event: DragEvent, to: number, orders: StepOrders): void {
  orders.dragOver(undefined);
  if (!event.dataTransfer.types.includes(DRAGGED)) return;
  event.preventDefault();
  const from = Number(event.dataTransfer.getData(DRAGGED));
  orders.move(from, from < to ? to - 1 : to);
}
