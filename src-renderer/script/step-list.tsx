// The steps of a script in order; one of them open for editing.
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { SessionConfig, Step } from '../../src-main/core/session-config.ts';
import { useListKeys } from '../ui/list-keys.ts';
import { showToast } from '../ui/toast.tsx';
import { marksOf } from './run-marks.ts';
import { editScript } from './script-actions.ts';
import { useScripts } from './script-store.ts';
import { inserted, moved, removed, replaced } from './step-edit.ts';
import { type StepOrders, StepRow } from './step-row.tsx';
import { kindOf, STEP_LABELS } from './step-text.ts';

/** What others do to the list. */
export interface StepListOrders {
  /** Adds a step at the end and opens it. */
  add(step: Step): void;
  /** Brings a step into sight. */
  show(at: number): void;
}

export interface StepListProps {
  session: SessionState;
  config: SessionConfig;
  orders: RefObject<StepListOrders | null>;
}

const NONE: readonly Step[] = [];

export function StepList({ session, config, orders: outer }: StepListProps) {
  const { id } = session;
  const script = config.script ?? NONE;
  const ran = useScripts((state) => state.ran[id]);
  const marks = marksOf(script, session.script, ran);
  const rows = useListKeys(script.length);
  const [openKey, setOpenKey] = useState<number>();
  const [dropAt, setDropAt] = useState<number>();
  const list = useRef<HTMLOListElement>(null);
  /** A step that gets the focus once it is drawn, and is opened. */
  const [arriving, setArriving] = useState<{ at: number; open: boolean }>();
  const latest = useRef({ script, rows });
  latest.current = { script, rows };

  const orders = useMemo((): StepOrders & StepListOrders => {
    const write = (change: (script: readonly Step[]) => readonly Step[]) => editScript(id, change);
    const insert = (at: number, step: Step, open: boolean) => {
      latest.current.rows.insert(at);
      write((steps) => inserted(steps, at, step));
      setArriving({ at, open });
    };
    return {
      add: (step) => insert(latest.current.script.length, step, true),
      show: (at) => setArriving({ at, open: false }),
      change: (at, step) => write((steps) => replaced(steps, at, step)),
      toggle: (at) => {
        const key = latest.current.rows.keys[at];
        setOpenKey((open) => (open === key ? undefined : key));
      },
      move: (from, to) => {
        latest.current.rows.move(from, to);
        write((steps) => moved(steps, from, to));
        setArriving({ at: to, open: false });
      },
      duplicate: (at) => {
        const step = latest.current.script[at];
        if (step !== undefined) insert(at + 1, step, false);
      },
      remove: (at) => {
        const step = latest.current.script[at];
        if (step === undefined) return;
        latest.current.rows.remove(at);
        write((steps) => removed(steps, at));
        setArriving({ at: Math.max(0, Math.min(at, latest.current.script.length - 2)), open: false });
        showToast({
          text: `Deleted step ${at + 1}, “${STEP_LABELS[kindOf(step)]}”.`,
          action: { label: 'Undo', run: () => insert(at, step, false) },
        });
      },
      dragOver: setDropAt,
    };
  }, [id]);

  useEffect(() => {
    outer.current = orders;
    return () => {
      outer.current = null;
    };
  }, [outer, orders]);

  const arrivingKey = arriving && rows.keys[arriving.at];
  useEffect(() => {
    if (!arriving || arrivingKey === undefined) return;
    if (arriving.open) setOpenKey(arrivingKey);
    const button = list.current?.querySelectorAll<HTMLElement>('.step-button')[arriving.at];
    button?.focus();
    button?.scrollIntoView({ block: 'nearest' });
    setArriving(undefined);
  }, [arriving, arrivingKey]);

  // While a script runs the step it is at stays in sight.
  const runningAt = session.script?.running ? marks.findIndex((mark) => mark?.state === 'running') : -1;
  useEffect(() => {
    if (runningAt >= 0) list.current?.children[runningAt]?.scrollIntoView({ block: 'nearest' });
  }, [runningAt]);

  return (
    <ol ref={list} className="step-list" aria-label="Steps">
      {script.map((step, index) => (
        <StepRow
          key={rows.keys[index]}
          step={step}
          at={index}
          count={script.length}
          result={marks[index]}
          isOpen={rows.keys[index] === openKey}
          isDropTarget={dropAt === index}
          config={config}
          orders={orders}
        />
      ))}
    </ol>
  );
}
