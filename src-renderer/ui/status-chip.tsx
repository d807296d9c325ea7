// A gRPC status as code and name; what is not OK is red, and says so.
import { statusText } from './grpc-status.ts';
import './status-chip.css';

export function StatusChip({ code, title }: { code: number; title?: string }) {
  return (
    <span className={code === 0 ? 'status-chip status-chip-ok data' : 'status-chip data'} title={title || undefined}>
      {statusText(code)}
    </span>
  );
}
