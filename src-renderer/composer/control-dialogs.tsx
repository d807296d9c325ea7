// Orders that need something typed first: ping, pong, close, a raw frame.
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { CloseDialog } from './close-dialog.tsx';
import { PingDialog } from './ping-dialog.tsx';
import { RawFrameDialog } from './raw-frame-dialog.tsx';

export function ControlDialogs({ session }: { session: SessionState }) {
  const control = useDialogs((state) => state.control);
  const close = () => useDialogs.setState({ control: null });
  if (control === null) return null;
  if (control === 'close') return <CloseDialog session={session} onClose={close} />;
  if (control === 'rawFrame') return <RawFrameDialog session={session} onClose={close} />;
  return <PingDialog session={session} type={control} onClose={close} />;
}
