// Packs the built app with an Electron that is here already, into a folder in which it runs: what the packaged tests and
// the bench start. `node scripts/unpacked-app.mjs FOLDER` does it by hand.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build, Platform } from 'electron-builder';
import config from '../electron-builder.config.mjs';

/** The first Electron that has this fuse. */
const FILE_PRIVILEGES_SINCE = 29;

/** Packs for this system into `folder` and answers the executable. `electron`: path of Electron's own. */
export async function packUnpacked(electron, folder) {
  const electronVersion = versionOf(electron);
  const electronFuses = { ...config.electronFuses };
  if (Number.parseInt(electronVersion, 10) < FILE_PRIVILEGES_SINCE)
    delete electronFuses.grantFileProtocolExtraPrivileges;
  await build({
    targets: Platform.current().createTarget('dir'),
    publish: 'never',
    config: {
      ...config,
      electronFuses,
      electronVersion,
      electronDist: dirname(electron),
      directories: { ...config.directories, output: folder },
      mac: { ...config.mac, identity: null, notarize: false },
    },
  });
  const executable = EXECUTABLES.map((path) => join(folder, path)).find(existsSync);
  if (!executable) throw new Error(`No executable was found in ${folder}.`);
  return executable;
}

function versionOf(electron) {
  const { stdout } = spawnSync(electron, ['-p', 'process.versions.electron'], {
    encoding: 'utf8',
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  return stdout.trim();
}

const EXECUTABLES = [
  'linux-unpacked/wirescope-desktop',
  'linux-arm64-unpacked/wirescope-desktop',
  'mac/Wirescope.app/Contents/MacOS/Wirescope',
  'mac-arm64/Wirescope.app/Contents/MacOS/Wirescope',
  'win-unpacked/Wirescope.exe',
  'win-arm64-unpacked/Wirescope.exe',
];

if (import.meta.filename === resolve(process.argv[1] ?? '')) {
  const electron = process.env.ELECTRON_EXECUTABLE;
  if (!electron) throw new Error('Set ELECTRON_EXECUTABLE.');
  console.log(await packUnpacked(electron, resolve(process.argv[2] ?? 'dist')));
}
