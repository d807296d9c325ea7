/** Packs the built app for this system into `folder`, with the Electron whose executable is given. Answers the app's executable. */
export function packUnpacked(electron: string, folder: string): Promise<string>;
