// The parts the engine runs on outside tests. What speaks protocols and reads schemas is loaded when somebody first asks
// for it: a window does not wait for libraries that it may never need.
import { createCapture, openCapture } from '../capture/capture.ts';
import { loadEndpoint } from '../endpoints/load.ts';
import type { EngineParts } from './parts.ts';

export const realParts: EngineParts = {
  createCapture,
  openCapture,
  loadEndpoint,
  loadSchema: async (...request) => (await import('../schemas/load.ts')).loadSchema(...request),
  reflect: async (...request) => (await import('../endpoints/grpc/reflection.ts')).reflect(...request),
};
