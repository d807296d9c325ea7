// What the engine is put together from. Tests put fakes here; everything else the real ones.
import type { createCapture, openCapture } from '../capture/capture.ts';
import type { LoadEndpoint } from '../endpoints/endpoint.ts';
import type { Reflected, reflect } from '../endpoints/grpc/reflection.ts';
import type { loadSchema, SchemaRequest } from '../schemas/load.ts';

/** Everything the engine reaches sockets, schemas and capture files by. */
export interface EngineParts {
  createCapture: typeof createCapture;
  openCapture: typeof openCapture;
  loadEndpoint: LoadEndpoint;
  loadSchema: typeof loadSchema;
  reflect: typeof reflect;
}

export type { Reflected, SchemaRequest };
