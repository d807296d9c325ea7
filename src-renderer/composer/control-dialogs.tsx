// Orders that need something typed first: ping, pong, close, a raw frame; a gRPC status, a list of messages.
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { CloseDialog } from './close-dialog.tsx';
import { FinishDialog } from './finish-dialog.tsx';
import { PingDialog } from './ping-dialog.tsx';
import { RawFrameDialog } from './raw-frame-dialog.tsx';
import { SendListDialog } from './send-list-dialog.tsx';
import type { Calls } from './use-calls.ts';

export function ControlDialogs({ session, calls }: { session: SessionState; calls: Calls }) {
  const control = useDialogs((state) => state.control);
  const close = () => useDialogs.setState({ control: null });
  switch (control) {
    case null:
      return null;
    case 'close':
      return <CloseDialog session={session} onClose={close} />;
    case 'rawFrame':
      return <RawFrameDialog session={session} onClose={close} />;
    case 'finish':
      return <FinishDialog session={session} calls={calls} onClose={close} />;
    case 'sendList':
      return <SendListDialog session={session} onClose={close} />;
    default:
      return <PingDialog session={session} type={control} onClose={close} />;
  }
}
