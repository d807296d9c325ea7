// What the engine is put together from. Tests put fakes here; everything else the real ones.
import type { Capture, createCapture, openCapture } from '../capture/capture.ts';
import type { OpenEndpoint } from '../endpoints/endpoint.ts';

export interface EngineParts {
  createCapture: typeof createCapture;
  openCapture: typeof openCapture;
  openEndpoint: OpenEndpoint;
}

export type { Capture };
