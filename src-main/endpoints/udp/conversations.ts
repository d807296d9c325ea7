// The peers of an unconnected UDP socket, each with a conversation of its own in the capture. UDP has no end, so only
// so many are kept: the one that was silent longest makes room for a new one.
import { isIPv4 } from 'node:net';
import type { ConnectionRecorder, Peer } from '../../core/recorder.ts';
import { formatAddress } from '../address.ts';
import type { Membership } from '../behaviour.ts';
import { ConnectionList, type Listed } from '../connection-list.ts';
import type { ConnectionState, EndpointHost } from '../endpoint.ts';

const PEER_LIMIT = 1000;

export class Conversation implements Listed {
  readonly peer: Peer;
  readonly connection: ConnectionRecorder;
  readonly state: ConnectionState;
  membership: Membership | undefined;
  /** The behaviour does not hear its datagrams at the moment. */
  unheard = false;

  /** `openedAt`: microseconds since the Unix epoch. */
  constructor(peer: Peer, connection: ConnectionRecorder, openedAt: number) {
    this.peer = peer;
    this.connection = connection;
    this.state = {
      connection: connection.connection,
      peer: formatAddress(peer.address, peer.port),
      openedAt,
      label: '',
    };
  }
}

export interface ConversationsOptions {
  host: EndpointHost;
  /** Which side we are. */
  side: 'client' | 'server';
  local: Peer;
  limit?: number | undefined;
  onOpen?(conversation: Conversation): void;
}

export class Conversations {
  readonly list = new ConnectionList<Conversation>();
  readonly #options: ConversationsOptions;
  readonly #limit: number;
  /** By address and port; the one that was silent longest comes first. */
  readonly #byPeer = new Map<string, Conversation>();
  #last: Conversation | undefined;
  #saidLimit = false;

  constructor(options: ConversationsOptions) {
    this.#options = options;
    this.#limit = options.limit ?? PEER_LIMIT;
  }

  /** The one that `with` was asked for last, if it is still open. */
  get last(): Conversation | undefined {
    return this.#last;
  }

  /** The conversation with a peer, begun if need be. It becomes the last. */
  with(address: string, port: number): Conversation {
    const last = this.#last;
    // A flood of one peer should cost no look-up.
    if (last && last.peer.port === port && last.peer.address === address) return last;
    const key = `${address} ${port}`;
    let conversation = this.#byPeer.get(key);
    if (conversation) this.#byPeer.delete(key);
    else conversation = this.#open({ address, port });
    this.#byPeer.set(key, conversation);
    this.#last = conversation;
    return conversation;
  }

  close(conversation: Conversation, text: string): void {
    const { host } = this.#options;
    const { address, port } = conversation.peer;
    if (!this.#byPeer.delete(`${address} ${port}`)) return;
    if (this.#last === conversation) this.#last = undefined;
    conversation.membership?.leave();
    conversation.connection.event({ type: 'closed', severity: 'info', text }, host.recorder.now());
    conversation.connection.close(host.recorder.now());
    conversation.state.closedAt = host.recorder.now();
    this.list.close(conversation);
    host.connectionsChanged();
  }

  closeAll(text: string): void {
    for (const conversation of [...this.list.members]) this.close(conversation, text);
  }

  #open(peer: Peer): Conversation {
    const { host, side, onOpen } = this.#options;
    const { recorder } = host;
    if (this.#byPeer.size >= this.#limit) this.#makeRoom();
    const at = recorder.now();
    const local = localFor(this.#options.local, peer);
    const connection = recorder.connection(
      {
        transport: 'udp',
        client: side === 'client' ? local : peer,
        server: side === 'client' ? peer : local,
        decrypted: false,
        dissectAs: { protocol: 'udp' },
      },
      at,
    );
    const conversation = new Conversation(peer, connection, at);
    connection.event(
      {
        type: side === 'client' ? 'connected' : 'accepted',
        severity: 'info',
        text:
          side === 'client'
            ? `Talking to ${conversation.state.peer}`
            : `First datagram from ${conversation.state.peer}`,
      },
      at,
    );
    this.list.add(conversation);
    onOpen?.(conversation);
    host.connectionsChanged();
    return conversation;
  }

  #makeRoom(): void {
    const { recorder } = this.#options.host;
    const [silentLongest] = this.#byPeer.values();
    if (!silentLongest) return;
    if (!this.#saidLimit) {
      this.#saidLimit = true;
      const text = `More than ${this.#limit} peers: from now on each new one replaces the one that was silent longest`;
      recorder.event({ type: 'limit', severity: 'warning', text, fields: { limit: this.#limit } }, recorder.now());
    }
    this.close(silentLongest, `Made room for a new peer: ${this.#limit} others were heard more recently`);
  }
}

/** Our own end; “every interface” in the family of the peer. */
function localFor(local: Peer, peer: Peer): Peer {
  return local.address === '::' && isIPv4(peer.address) ? { address: '0.0.0.0', port: local.port } : local;
}
