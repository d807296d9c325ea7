// A server's connections: who, since when, and what can be done with each.
import { Scissors, SendHorizontal, Users } from 'lucide-react';
import { useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { IconButton } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Input } from '../ui/field.tsx';
import { formatClock, formatCount } from '../ui/format.ts';
import { ContextMenu, type MenuEntry } from '../ui/menu.tsx';
import { sendControl } from './control-menu.ts';
import { editDraft } from './draft-store.ts';
import { type Connection, useConnections } from './use-connections.ts';
import './connections-pane.css';

interface ConnectionsPaneProps {
  session: SessionState;
  /** A connection was chosen to be sent to. */
  onSendTo(): void;
}

export function ConnectionsPane({ session, onSendTo }: ConnectionsPaneProps) {
  const [search, setSearch] = useState('');
  const { rows, total, more } = useConnections(session, search);
  if (total === 0) {
    const listening = session.phase === 'open';
    return (
      <EmptyState
        icon={Users}
        title={listening ? 'Nobody has connected yet' : 'The server is not listening'}
        text={`Connections appear here with their address, to ${isSendable(session) ? 'send to one of them or to cut it' : 'cut one of them'}.`}
      />
    );
  }
  return (
    <div className="connections">
      <div className="connections-bar">
        <Input
          aria-label="Search connections"
          placeholder="Search by number, address or path"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <span className="field-hint">
          {search ? `${formatCount(rows.length)} of ` : ''}
          {formatCount(total)}
        </span>
      </div>
      <div
        className="connections-list"
        onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
          if (scrollTop + clientHeight > scrollHeight - 200) more();
        }}
      >
        <table className="data">
          <thead>
            <tr>
              <th scope="col">#</th>
              <th scope="col">Peer</th>
              <th scope="col">Path, subprotocol</th>
              <th scope="col">Opened</th>
              <th scope="col">Closed</th>
              <th scope="col">
                <span className="visually-hidden">Orders</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <ConnectionRow key={row.connection} session={session} row={row} onSendTo={onSendTo} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function ConnectionRow({ session, row, onSendTo }: ConnectionsPaneProps & { row: Connection }) {
  const open = row.closedAt === undefined;
  const sendable = isSendable(session);
  const sendTo = () => {
    editDraft(session.id, { to: [row.connection] });
    onSendTo();
  };
  const cut = () => void sendControl(session, { type: 'kick' }, [row.connection]);
  const close = () => void sendControl(session, { type: 'close' }, [row.connection]);
  return (
    <ContextMenu
      entries={[
        ...(sendable ? sendEntries(open, sendTo) : []),
        { text: 'Close', disabled: !open, run: close },
        { text: 'Cut without a farewell', disabled: !open, danger: true, run: cut },
      ]}
    >
      <tr className={open ? '' : 'connection-closed'}>
        <td>{row.connection}</td>
        <td className="selectable">{row.peer}</td>
        <td>{row.label}</td>
        <td>{formatClock(row.openedAt)}</td>
        <td>{row.closedAt === undefined ? '' : formatClock(row.closedAt)}</td>
        <td className="connection-orders">
          {open && (
            <>
              {sendable && (
                <IconButton label={`Send only to #${row.connection}`} icon={SendHorizontal} onClick={sendTo} />
              )}
              <IconButton label={`Cut #${row.connection}`} icon={Scissors} onClick={cut} />
            </>
          )}
        </td>
      </tr>
    </ContextMenu>
  );
}

/** What a gRPC server sends goes into a call, not to a connection. */
function isSendable({ config }: SessionState): boolean {
  return config.protocol !== 'grpc';
}

function sendEntries(open: boolean, sendTo: () => void): MenuEntry[] {
  return [{ text: 'Send only to this one', disabled: !open, run: sendTo }, { type: 'separator' }];
}
