// Ends a call of a mock server with a status, its details and trailers.
import { useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { GrpcStatusConfig, MetadataConfig } from '../../src-main/core/session-config.ts';
import { methodOf, useSchema } from '../schema/schema-store.ts';
import { MetadataTable } from '../settings/metadata-table.tsx';
import { StatusFields } from '../settings/status-fields.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { addressedCall } from './composed-type.ts';
import { sendControl } from './control-menu.ts';
import { draftOf, editDraft } from './draft-store.ts';
import type { Calls } from './use-calls.ts';

export interface FinishDialogProps {
  session: SessionState;
  calls: Calls;
  onClose(): void;
}

export function FinishDialog({ session, calls, onClose }: FinishDialogProps) {
  const [status, setStatus] = useState<GrpcStatusConfig>({ code: 'OK' });
  const [trailers, setTrailers] = useState<MetadataConfig>();
  // The one it was opened for, whichever comes meanwhile.
  const [call] = useState(() => addressedCall(draftOf(session.id).to, calls.calls));
  const method = methodOf(useSchema(session.id)?.state, call?.method);
  const sent = calls.calls.find((each) => each.call === call?.call)?.serverMessages;
  const lacksAnswer = status.code === 'OK' && method?.serverStreaming === false && sent === 0;
  const finish = async () => {
    if (!call) return;
    const command = { type: 'finish' as const, status, ...(trailers ? { trailers } : {}) };
    if (!(await sendControl(session, command, [call.call]))) return;
    editDraft(session.id, { to: 'last' });
    onClose();
  };
  return (
    <Dialog
      title="Finish the call"
      description={call ? `#${call.call} ${call.method} of ${call.peer}` : 'No call is open.'}
      open
      onClose={onClose}
    >
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void finish();
        }}
      >
        <div className="dialog-body">
          <StatusFields label="Status" status={status} onChange={setStatus} />
          <MetadataTable label="Trailers" metadata={trailers} onChange={setTrailers} />
          {lacksAnswer && (
            <p className="frame-remark">OK without the one message of this method: its client will report an error.</p>
          )}
        </div>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!call}>
            Finish
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
