// Saving a capture from a browser: the gateway serves it for download.

/** Starts the download of a session's capture. */
export function downloadCapture(session: string, name: string): void {
  const link = document.createElement('a');
  link.href = `captures/${encodeURIComponent(session)}.pcapng`;
  link.download = name;
  link.click();
}
