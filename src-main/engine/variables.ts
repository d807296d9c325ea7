// The methods of variables and secrets, and where the variables of each session come from.
import type { SecretsState } from '../bridge/contract.ts';
import type { SecretCipher } from '../workspace/secret-cipher.ts';
import { SecretMask } from '../workspace/secret-mask.ts';
import { SecretStores } from '../workspace/secret-store.ts';
import { sessionVariables } from '../workspace/session-variables.ts';
import type { Variable } from '../workspace/variables.ts';
import type { GroupHost, MethodsOf } from './methods.ts';
import { problemOf } from './problem.ts';
import type { Session } from './session/session.ts';
import type { VariableHost } from './session/variables.ts';

export interface SecretOptions {
  /** The system's key store, where one can be asked. */
  cipher?: SecretCipher;
  /** A file of secrets instead of the data folder's. Absolute path. */
  secretsFile?: string;
}

export interface Variables {
  methods: MethodsOf<'variables'> & MethodsOf<'secrets'>;
  of(session: Session): VariableHost;
  /** Of all secrets that were used. */
  mask: SecretMask;
}

export function createVariables(host: GroupHost, { cipher, secretsFile }: SecretOptions): Variables {
  const mask = new SecretMask();
  let secretsRevision = 0;
  const stores = new SecretStores({
    folder: host.dataFolder,
    environment: process.env,
    ...(cipher && { cipher }),
    ...(secretsFile !== undefined && { file: secretsFile }),
  });

  function written(session: Session): Variable[] {
    const { path, folder, settingsRoot, settings } = host.place(session);
    const { environment } = host.workspace();
    return sessionVariables({
      config: session.config,
      origin: settingsRoot === undefined ? session.config.name : path,
      root: settingsRoot ?? folder,
      settings,
      ...(environment && { environment }),
      // They are read when they are needed.
      secrets: () => undefined,
    });
  }

  /** A scratch session's own are the scratch area's; all others are the workspace's. */
  function workspaceOf(session: Session, variable?: Variable): string | null {
    const isOwn = variable === undefined || variable.layer === 'session';
    return isOwn ? (host.place(session).settingsRoot ?? null) : host.workspace().settingsRoot;
  }

  async function state(): Promise<SecretsState> {
    return await stores.state();
  }

  /** Types that a server is asked for with a secret are asked for again. */
  function refreshAll(): void {
    for (const session of host.sessions()) session.refresh();
  }

  return {
    mask,
    of: (session) => ({
      written: () => written(session),
      get secretsRevision() {
        return secretsRevision;
      },
      storeOf: (variable) => stores.open(workspaceOf(session, variable)),
      mask,
    }),
    methods: {
      'variables.list': ({ session }) => host.session(session).variables.list(),
      'variables.preview': async ({ session, text }) => {
        try {
          return { ok: true, text: await host.session(session).variables.shown(text) };
        } catch (error) {
          const { what, why } = problemOf(error);
          return { ok: false, error: [what, why].filter(Boolean).join(' ') };
        }
      },
      'secrets.state': state,
      'secrets.set': async ({ name, value, session }) => {
        const workspace = session === undefined ? host.workspace().settingsRoot : workspaceOf(host.session(session));
        const store = await stores.open(workspace);
        if (value === null) await store.remove(name);
        else await store.set(name, value);
        secretsRevision += 1;
        refreshAll();
        return null;
      },
      'secrets.allowFile': async () => {
        await stores.allowFile();
        return await state();
      },
    },
  };
}
