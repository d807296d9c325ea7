// To whom a server sends: everybody, whoever connected or spoke last, or chosen connections.
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { formatCount, formatPlural } from '../ui/format.ts';
import { Popover } from '../ui/popover.tsx';
import { Segments } from '../ui/tabs.tsx';
import { editDraft, type Recipients, useDraft } from './draft-store.ts';
import { useConnections } from './use-connections.ts';
import './recipient-picker.css';

function recipientsText(to: Recipients): string {
  if (to === 'all') return 'To all';
  if (to === 'last') return 'To the last';
  return to.length === 1 ? `To #${to[0]}` : `To ${formatPlural(to.length, 'connection')}`;
}

export function RecipientPicker({ session }: { session: SessionState }) {
  const [open, setOpen] = useState(false);
  const { to } = useDraft(session.id);
  return (
    <Popover
      label="Recipients"
      side="top"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button variant="ghost" title="To whom messages and orders go">
          {recipientsText(to)}
          <ChevronDown size={12} strokeWidth={2} aria-hidden />
        </Button>
      }
    >
      <RecipientList session={session} />
    </Popover>
  );
}

function RecipientList({ session }: { session: SessionState }) {
  const { to } = useDraft(session.id);
  const [search, setSearch] = useState('');
  const { rows, total, more } = useConnections(session, search);
  const chosen = new Set(Array.isArray(to) ? to : []);
  const choose = (next: Recipients) => editDraft(session.id, { to: next });
  const toggle = (connection: number) => {
    const next = new Set(chosen);
    if (!next.delete(connection)) next.add(connection);
    choose(next.size > 0 ? [...next] : 'all');
  };
  return (
    <div className="recipients">
      <Segments
        label="Recipients"
        options={[
          { value: 'all', label: 'All' },
          { value: 'last', label: 'The last' },
          { value: 'chosen', label: 'Chosen', disabled: chosen.size === 0 },
        ]}
        value={Array.isArray(to) ? 'chosen' : (to as string)}
        onChange={(value) => value !== 'chosen' && choose(value as 'all' | 'last')}
      />
      <Input
        aria-label="Search connections"
        placeholder={`Search ${formatCount(total)} by address or path`}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <ul
        className="recipient-list"
        aria-label="Connections"
        onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
          if (scrollTop + clientHeight > scrollHeight - 100) more();
        }}
      >
        {rows
          .filter((row) => row.closedAt === undefined)
          .map((row) => (
            <li key={row.connection}>
              <label className="recipient data">
                <input type="checkbox" checked={chosen.has(row.connection)} onChange={() => toggle(row.connection)} />
                <span>#{row.connection}</span>
                <span className="recipient-peer">{row.peer}</span>
                <span className="recipient-label">{row.label}</span>
              </label>
            </li>
          ))}
      </ul>
      {rows.length === 0 && <p className="field-hint">{search ? 'No connection matches.' : 'Nobody is connected.'}</p>}
    </div>
  );
}
