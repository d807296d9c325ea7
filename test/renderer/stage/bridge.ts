// What the stage's build puts in the place of src-renderer/bridge/bridge.ts.
import { FakeBridge } from './fake-bridge.ts';

export const bridge = new FakeBridge();
