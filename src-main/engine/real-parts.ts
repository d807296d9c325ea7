// The parts the engine runs on outside tests.
import { createCapture, openCapture } from '../capture/capture.ts';
import { reflect } from '../endpoints/grpc/reflection.ts';
import { openEndpoint } from '../endpoints/open.ts';
import { loadSchema } from '../schemas/load.ts';
import type { EngineParts } from './parts.ts';

export const realParts: EngineParts = { createCapture, openCapture, openEndpoint, loadSchema, reflect };
