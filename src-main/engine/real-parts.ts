// The parts the engine runs on outside tests.
import { createCapture, openCapture } from '../capture/capture.ts';
import { openEndpoint } from '../endpoints/open.ts';
import type { EngineParts } from './parts.ts';

export const realParts: EngineParts = { createCapture, openCapture, openEndpoint };
