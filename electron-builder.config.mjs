// How packages are made: `npx electron-builder --config electron-builder.config.mjs`, after `npm run build`. The asar
// holds what the build wrote and nothing else, for everything is bundled.
// From the environment: GITHUB_REPOSITORY (where releases go), WIRESCOPE_MAINTAINER (who answers for deb and rpm), APPLE_*
// and CSC_* (signing and notarisation). Without them packages are made unsigned, look for no updates, and name addresses
// under .invalid, with which `npm run release:check -- --tag` lets no release through. See docs/releasing.md.
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';

const repository = process.env.GITHUB_REPOSITORY;
const [owner, repo] = repository?.split('/') ?? [];

/** What the app opens, offered beside the programs that already do. */
const documents = [
  { ext: 'pcapng', name: 'pcapng capture', mimeType: 'application/x-pcapng' },
  { ext: 'pcap', name: 'pcap capture', mimeType: 'application/vnd.tcpdump.pcap' },
  { ext: 'proto', name: 'Protocol Buffers definition', mimeType: 'text/x-protobuf' },
  { ext: 'yaml', name: 'Wirescope session', mimeType: 'application/yaml' },
];

/** What electron-builder fills in. */
const macro = (name) => `\${${name}}`;
const artifact = (suffix) => `Wirescope-${macro('version')}-${macro('os')}-${macro('arch')}${suffix}.${macro('ext')}`;

const launcher = { from: 'build/launcher/wirescope', to: 'bin/wirescope' };

/** For Linux machines without a display (see build/launcher/wirescope). As resources they would be left out of the asar. */
async function copyCommandLine(resources) {
  for (const path of ['package.json', 'out/main/cli.cjs', 'out/main/chunks', 'out/renderer'])
    await cp(path, join(resources, 'cli', path), { recursive: true });
}

export default {
  appId: 'dev.wirescope.desktop',
  productName: 'Wirescope',
  copyright: 'Apache License 2.0',
  extraMetadata: {
    homepage: repository ? `https://github.com/${repository}` : 'https://wirescope.invalid',
    // By this name Linux finds the icon of a window.
    desktopName: 'wirescope-desktop.desktop',
  },
  directories: { output: 'dist', buildResources: 'build' },
  files: ['out/main/**', 'out/preload/**', 'out/renderer/**', 'package.json', '!**/*.map', '!node_modules'],
  extraResources: [
    { from: 'out/licences.txt', to: 'licences.txt' },
    { from: 'LICENSE', to: 'LICENSE.txt' },
    { from: 'schema', to: 'schema' },
    { from: 'fixtures/samples', to: 'samples' },
    { from: 'build/icons/256x256.png', to: 'icon.png' },
  ],
  asar: true,
  npmRebuild: false,
  electronLanguages: ['en', 'en-US'],
  forceCodeSigning: process.env.WIRESCOPE_REQUIRE_SIGNING === 'yes',
  publish: repository ? { provider: 'github', owner, repo, releaseType: 'draft' } : null,
  artifactName: artifact(''),

  async afterPack({ electronPlatformName, appOutDir }) {
    if (electronPlatformName !== 'linux') return;
    const resources = join(appOutDir, 'resources');
    await copyCommandLine(resources);
    // What an Electron shows that is given no app.
    await rm(join(resources, 'default_app.asar'), { force: true });
  },

  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },

  mac: {
    category: 'public.app-category.developer-tools',
    target: [
      { target: 'dmg', arch: ['x64', 'arm64'] },
      { target: 'zip', arch: ['x64', 'arm64'] },
    ],
    icon: 'build/icon.icns',
    hardenedRuntime: true,
    gatekeeperAssess: false,
    entitlements: 'build/entitlements.mac.plist',
    entitlementsInherit: 'build/entitlements.mac.plist',
    notarize: Boolean(process.env.APPLE_TEAM_ID || process.env.APPLE_API_KEY),
    extraResources: [launcher],
    fileAssociations: documents.map(({ ext, name }) => ({ ext, name, role: 'Viewer', rank: 'Alternate' })),
  },

  win: {
    target: [
      { target: 'nsis', arch: ['x64', 'arm64'] },
      { target: 'portable', arch: ['x64'] },
    ],
    icon: 'build/icon.ico',
    extraResources: [{ from: 'build/launcher/wirescope.cmd', to: 'bin/wirescope.cmd' }],
  },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowElevation: false,
    allowToChangeInstallationDirectory: true,
    deleteAppDataOnUninstall: false,
    include: 'build/installer.nsh',
    artifactName: artifact('-setup'),
  },
  portable: { artifactName: artifact('-portable') },

  linux: {
    target: ['AppImage', 'deb', 'rpm', 'tar.gz'].map((target) => ({ target, arch: ['x64', 'arm64'] })),
    // `wirescope` is the command line; the window has a name of its own.
    executableName: 'wirescope-desktop',
    icon: 'build/icons',
    category: 'Development;Network',
    synopsis: 'Inspector and debugger for realtime protocols',
    maintainer: process.env.WIRESCOPE_MAINTAINER || 'Wirescope contributors <contributors@wirescope.invalid>',
    vendor: 'Wirescope contributors',
    fileAssociations: documents.map(({ ext, name, mimeType }) => ({ ext, name, mimeType })),
    extraResources: [launcher],
  },
  deb: { fpm: ['build/launcher/usr-bin-wirescope=/usr/bin/wirescope'] },
  rpm: { fpm: ['build/launcher/usr-bin-wirescope=/usr/bin/wirescope'] },
};
