// What inputs of several topics are made of.
import { z } from 'zod';

/** Rows in one answer: bounds the work of one call. */
export const MAX_ROWS = 1000;
/** Steps of a script, or variables of one place, that may be handed over at once. */
export const MAX_ITEMS = 10_000;

export const sessionId = z.string().min(1).max(64);
/** A record's number, or a row's place in a list. */
export const seq = z.number().int().nonnegative();
/** How many rows are asked for. */
export const rowCount = z.number().int().min(0).max(MAX_ROWS);
/** Below the workspace's folder, '/' between names; '' is the folder itself. */
export const workspacePath = z.string().max(4096);
/** YAML, a command line or a template that somebody typed or pasted. */
export const typedText = z.string().max(1_000_000);
/** Full name of a message or enum type. */
export const typeName = z.string().max(1000);
