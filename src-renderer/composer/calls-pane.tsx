// The calls a mock server has got: who calls what, how far it has come, and which wait for a person's answer.
import { Ban, PhoneIncoming, Reply } from 'lucide-react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { CallState } from '../../src-main/core/grpc-call.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatClock, formatCount, formatDuration } from '../ui/format.ts';
import { ContextMenu } from '../ui/menu.tsx';
import { StatusChip } from '../ui/status-chip.tsx';
import { sendControl } from './control-menu.ts';
import { editDraft } from './draft-store.ts';
import type { Calls } from './use-calls.ts';
import './connections-pane.css';

export interface CallsPaneProps {
  session: SessionState;
  calls: Calls;
  /** A call was chosen to be answered by hand. */
  onAnswer(): void;
}

export function CallsPane({ session, calls, onAnswer }: CallsPaneProps) {
  if (calls.calls.length === 0) {
    return (
      <EmptyState
        icon={PhoneIncoming}
        title={session.phase === 'open' ? 'Nobody has called yet' : 'The server is not listening'}
        text="Calls appear here. Those of methods that are answered by hand wait for you."
      />
    );
  }
  return (
    <div className="connections">
      <div className="connections-list">
        <table className="data">
          <thead>
            <tr>
              <th scope="col">#</th>
              <th scope="col">Method</th>
              <th scope="col">Peer</th>
              <th scope="col">Began</th>
              <th scope="col">Messages</th>
              <th scope="col">State</th>
              <th scope="col">
                <span className="visually-hidden">Orders</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {calls.calls.map((call) => (
              <CallRow key={call.call} session={session} call={call} onAnswer={onAnswer} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function CallRow({ session, call, onAnswer }: { session: SessionState; call: CallState; onAnswer(): void }) {
  const { ended, waiting } = call;
  const answer = () => {
    editDraft(session.id, { to: [call.call] });
    onAnswer();
  };
  const finish = () => {
    answer();
    useDialogs.setState({ control: 'finish' });
  };
  const cancel = () => void sendControl(session, { type: 'cancel' }, [call.call]);
  const className = ended ? 'connection-closed' : waiting ? 'call-waits' : '';
  return (
    <ContextMenu
      entries={[
        { text: 'Answer by hand', disabled: Boolean(ended), run: answer },
        { text: 'Finish with a status…', disabled: Boolean(ended), run: finish },
        { type: 'separator' },
        { text: 'Cancel', disabled: Boolean(ended), danger: true, run: cancel },
      ]}
    >
      <tr className={className}>
        <td>{call.call}</td>
        <td className="selectable">{call.method}</td>
        <td className="selectable">{call.peer}</td>
        <td>{formatClock(call.startedAt)}</td>
        <td>
          ↑{formatCount(call.clientMessages)} ↓{formatCount(call.serverMessages)}
        </td>
        <td>
          {ended ? (
            <>
              <StatusChip code={ended.code} title={ended.message} /> {formatDuration(ended.at - call.startedAt)}
            </>
          ) : waiting ? (
            'waits for you'
          ) : (
            'open'
          )}
        </td>
        <td className="connection-orders">
          {!ended && (
            <>
              <Button variant={waiting ? 'primary' : 'ghost'} icon={Reply} onClick={answer}>
                Answer
              </Button>
              <IconButton label={`Cancel call #${call.call}`} icon={Ban} onClick={cancel} />
            </>
          )}
        </td>
      </tr>
    </ContextMenu>
  );
}
