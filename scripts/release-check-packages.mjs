// What must hold of electron-builder's configuration, beyond its own schema: all targets, all fuses, all files there.
import { DebugLogger } from 'builder-util';

/** Each fuse as it must be. */
const FUSES = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
};

const TARGETS = {
  mac: { dmg: ['x64', 'arm64'], zip: ['x64', 'arm64'] },
  win: { nsis: ['x64'], portable: ['x64'] },
  linux: { AppImage: ['x64'], deb: ['x64'], rpm: ['x64'], 'tar.gz': ['x64'] },
};

/** `exists`: whether a path relative to the repository is there. */
export async function packageProblems(config, exists) {
  const problems = [];
  const say = (problem) => problems.push(`electron-builder.config.mjs: ${problem}`);
  await schemaProblems(config, say);
  for (const [fuse, state] of Object.entries(FUSES))
    if (config.electronFuses?.[fuse] !== state) say(`the fuse ${fuse} must be ${state}`);
  if (config.asar !== true) say('the app must be an asar');
  for (const [system, targets] of Object.entries(TARGETS)) {
    for (const [target, architectures] of Object.entries(targets)) {
      const found = config[system]?.target?.find((each) => each.target === target);
      for (const arch of architectures) if (!found?.arch.includes(arch)) say(`${system}: no ${target} for ${arch}`);
    }
    const commands = (config[system]?.extraResources ?? []).filter(({ to }) => to.startsWith('bin/wirescope'));
    if (commands.length !== 1) say(`${system}: the command wirescope is missing`);
  }
  if (config.publish && config.publish.releaseType !== 'draft') say('releases must begin as drafts');
  if (config.mac?.hardenedRuntime !== true) say('mac: hardened runtime must be on');
  if (config.nsis?.perMachine !== false) say('nsis: must install for the user alone');
  if (!config.extraResources?.some(({ to }) => to === 'licences.txt'))
    say('the licences of bundled packages are missing');
  for (const path of namedFiles(config)) if (!exists(path)) say(`there is no ${path}`);
  return problems;
}

/** What the environment must give before packages are published: a sentence for each. */
export function placeholders({ extraMetadata, linux }) {
  return [
    [`the homepage is ${extraMetadata?.homepage}`, 'GITHUB_REPOSITORY=owner/name, as GitHub does'],
    [`the maintainer is ${linux?.maintainer}`, 'WIRESCOPE_MAINTAINER="Name <address>", a variable of the repository'],
  ]
    .filter(([what]) => /\.invalid\b|undefined/.test(what))
    .map(([what, how]) => `Packages: ${what}. Set ${how}.`);
}

async function schemaProblems(config, say) {
  try {
    const { validateConfiguration } = await import('app-builder-lib/out/util/config/config.js');
    await validateConfiguration(config, new DebugLogger(false));
  } catch (error) {
    say(error.message.trim());
  }
}

/** Files of the repository that the configuration names; what the build makes is not among them. */
function namedFiles({ mac, win, linux, nsis, deb, rpm, ...config }) {
  const resources = [config, mac, win, linux].flatMap((part) => part?.extraResources ?? []).map(({ from }) => from);
  const mapped = [deb, rpm].flatMap((part) => part?.fpm ?? []).map((entry) => entry.split('=')[0]);
  const named = [mac?.icon, mac?.entitlements, mac?.entitlementsInherit, win?.icon, linux?.icon, nsis?.include];
  return [...resources, ...mapped, ...named].filter((path) => path && !path.startsWith('out/'));
}
