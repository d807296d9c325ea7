// Tells of sessions that end while nobody looks at a window. Off until asked for. Says their names, never what was on
// the wire: others may see the screen.
import { BrowserWindow, Notification } from 'electron';
import type { Bridge, SessionState } from '../bridge/contract.ts';
import { isLive } from './live-session.ts';

export interface NotificationsHost {
  /** Whether the user has asked for them. */
  wanted(): boolean;
  /** The running engine; undefined if there is none. */
  bridge(): Bridge | undefined;
  /** Has a window show a session. */
  show(session: string): void;
}

export class Notifications {
  readonly #host: NotificationsHost;
  readonly #live = new Set<string>();
  /** Kept while they are shown: the click on one that was collected as garbage is lost. */
  readonly #shown = new Set<Notification>();
  #stopFollowing: () => void = () => {};

  constructor(host: NotificationsHost) {
    this.#host = host;
  }

  /** Listens to the engine that runs now, if they are wanted. Call when either may have changed. */
  follow(): void {
    this.#stopFollowing();
    this.#stopFollowing = () => {};
    this.#live.clear();
    const bridge = this.#host.wanted() ? this.#host.bridge() : undefined;
    if (!bridge) return;
    this.#stopFollowing = bridge.listen((announcement) => {
      if (announcement.type === 'session') this.#hear(announcement.session);
      else if (announcement.type === 'sessionRemoved') this.#live.delete(announcement.session);
    });
    // What runs already. An engine that ends meanwhile has nothing more to tell.
    void bridge.call('sessions.list', {}).then(
      (sessions) => sessions.forEach((session) => void this.#hear(session)),
      () => {},
    );
  }

  #hear(session: SessionState): void {
    if (isLive(session)) this.#live.add(session.id);
    else if (this.#live.delete(session.id) && BrowserWindow.getFocusedWindow() === null) this.#tell(session);
  }

  #tell({ id, config, phase }: SessionState): void {
    const body = phase === 'failed' ? 'The session failed.' : 'The session has ended.';
    const notification = new Notification({ title: config.name, body });
    this.#shown.add(notification);
    notification.on('close', () => this.#shown.delete(notification));
    notification.on('click', () => {
      this.#shown.delete(notification);
      this.#host.show(id);
    });
    notification.show();
  }
}
