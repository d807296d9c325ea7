// How this window reaches its engine: through a port that the desktop hands over, or through the gateway that served
// the page.
import type { Channel } from '../../src-main/bridge/channel.ts';
import { BRIDGE_PATH } from '../../src-main/bridge/client.ts';
import { webSocketClientChannel } from '../../src-main/bridge/websocket-client.ts';
import type { DesktopHost } from '../../src-main/desktop/host.ts';
import { PORT_MESSAGE } from './host.ts';

/** A port to the engine; it arrives as a message of this window. */
export function openDesktopChannel(host: DesktopHost): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const undo = host.onEngineStopped((reason) => {
      settle();
      reject(new Error(reason));
    });
    const receive = (event: MessageEvent) => {
      const port = event.ports[0];
      if (event.source !== window || event.data !== PORT_MESSAGE || !port) return;
      settle();
      resolve(portChannel(port, host));
    };
    const settle = () => {
      undo();
      window.removeEventListener('message', receive);
    };
    window.addEventListener('message', receive);
    host.requestPort();
  });
}

/** Ports do not say in every Chromium that their other end is gone; the desktop does. */
function portChannel(port: MessagePort, host: DesktopHost): Channel {
  let open = true;
  return {
    send(message) {
      if (open) port.postMessage(message);
    },
    onMessage(listener) {
      port.addEventListener('message', (event) => listener(event.data));
      port.start();
    },
    onClose(listener) {
      const undo = host.onEngineStopped(() => {
        open = false;
        undo();
        listener();
      });
    },
    close: () => port.close(),
  };
}

/** The gateway's WebSocket, on the origin of this page. */
export async function openGatewayChannel(location: Location): Promise<Channel> {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return webSocketClientChannel(new WebSocket(`${scheme}//${location.host}${BRIDGE_PATH}`));
}
