// The one bridge of this window.
import { openDesktopChannel, openGatewayChannel } from './channels.ts';
import { desktop } from './host.ts';
import { createLastingBridge, type LastingBridge } from './lasting-bridge.ts';

export const bridge: LastingBridge = createLastingBridge(() =>
  desktop ? openDesktopChannel(desktop) : openGatewayChannel(window.location),
);
