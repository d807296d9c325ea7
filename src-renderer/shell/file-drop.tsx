// Captures dropped anywhere on the window are opened.
import { FileDown } from 'lucide-react';
import { useEffect, useState } from 'react';
import { desktop } from '../bridge/host.ts';
import { openCaptureFile } from '../stores/session-actions.ts';
import './file-drop.css';

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

export function FileDrop() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const onDragOver = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onDragLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      for (const file of event.dataTransfer?.files ?? []) void openCaptureFile(file);
    };
    window.addEventListener('dragover', onDragOver);
    window.addEventListener('dragleave', onDragLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onDragOver);
      window.removeEventListener('dragleave', onDragLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, []);
  if (!over) return null;
  return (
    <div className="file-drop">
      <FileDown size={24} strokeWidth={1.5} aria-hidden />
      <p>
        {desktop ? 'Drop to open the capture, session or .proto file' : 'Drop to open the capture (pcapng or pcap)'}
      </p>
    </div>
  );
}
