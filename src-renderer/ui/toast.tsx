// Short messages at the lower edge: what was done, with its undoing, or what failed.
import { X } from 'lucide-react';
import { useEffect } from 'react';
import { create } from 'zustand';
import { Button, IconButton } from './button.tsx';
import { classNames } from './class-names.ts';
import './toast.css';

const SHOWN_MS = 6000;
const SHOWN_AT_ONCE = 4;

export interface Toast {
  text: string;
  severity?: 'info' | 'error';
  action?: { label: string; run(): void };
  /** Takes the place of the one that is shown about the same. */
  topic?: string;
}

interface ToastStore {
  toasts: readonly (Toast & { id: number })[];
}

const useToasts = create<ToastStore>(() => ({ toasts: [] }));
let lastId = 0;

/** Shows a toast for a few seconds; the oldest gives way when there are many. */
export function showToast(toast: Toast): void {
  const { toasts } = useToasts.getState();
  const others = toasts.filter(({ topic }) => topic === undefined || topic !== toast.topic);
  const next = [...others, { ...toast, id: ++lastId }];
  useToasts.setState({ toasts: next.slice(-SHOWN_AT_ONCE) });
}

/** Takes away what is shown about something that is over. */
export function hideToast(topic: string): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.topic !== topic) }));
}

function remove(id: number, acted: boolean): void {
  const { toasts } = useToasts.getState();
  const toast = toasts.find((each) => each.id === id);
  if (!toast) return;
  useToasts.setState({ toasts: toasts.filter((each) => each.id !== id) });
  if (acted) toast.action?.run();
}

function ToastRow({ toast }: { toast: Toast & { id: number } }) {
  useEffect(() => {
    const timer = setTimeout(() => remove(toast.id, false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast.id]);
  return (
    <li
      className={classNames('toast', toast.severity === 'error' && 'toast-error')}
      role={toast.severity === 'error' ? 'alert' : 'status'}
    >
      <span className="toast-text">{toast.text}</span>
      {toast.action && (
        <Button variant="ghost" onClick={() => remove(toast.id, true)}>
          {toast.action.label}
        </Button>
      )}
      <IconButton label="Dismiss" icon={X} onClick={() => remove(toast.id, false)} />
    </li>
  );
}

export function Toasts() {
  const toasts = useToasts((state) => state.toasts);
  return (
    // A live region is not hidden from readers by a dialog; each toast says itself how it is read out.
    <ul className="toasts" aria-label="Notifications" aria-live="off">
      {toasts.map((toast) => (
        <ToastRow key={toast.id} toast={toast} />
      ))}
    </ul>
  );
}
