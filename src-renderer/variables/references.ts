// `{{name}}` in a text: where references are, and what each stands for. Reads them as the engine does. Pure.
import type { VariableState } from '../../src-main/bridge/contract.ts';

export interface Reference {
  /** [start, end) in the text, braces included. */
  start: number;
  end: number;
  /** With the `$` of dynamic ones. */
  name: string;
  /** After the name: `1 6` of `{{$randomInt 1 6}}`. */
  words: string;
}

const REFERENCE = /\{\{\s*(\$?[A-Za-z_][\w.-]*)((?:\s+[^\s{}]+)*)\s*\}\}/g;

export function referencesOf(text: string): Reference[] {
  if (!text.includes('{{')) return [];
  return [...text.matchAll(REFERENCE)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    name: match[1]!,
    words: (match[2] ?? '').trim(),
  }));
}

export interface Meaning {
  /** unknown: the variables have not been heard of yet. */
  state: 'defined' | 'undefined' | 'unknown';
  /** In a line or two, for a tooltip. */
  text: string;
}

/** What stands for a secret on screen, whatever its length. */
export const MASK = '••••••••';

export function meaningOf({ name, words }: Reference, variables: readonly VariableState[] | undefined): Meaning {
  if (!variables) return { state: 'unknown', text: name };
  const variable = variables.find((each) => each.name === name);
  if (!variable)
    return {
      state: 'undefined',
      text: `${name} has no value. Give it one in the environment, in the session or in wirescope.yaml.`,
    };
  if (variable.layer === 'dynamic') return dynamicMeaning(variable, words);
  if (words !== '') return { state: 'undefined', text: `Only dynamic variables take words: ${name} takes none.` };
  const from = `${variable.layer}, ${variable.origin}`;
  if (!variable.has)
    return { state: 'undefined', text: `${name} is a secret without a value on this machine (${from}).` };
  return { state: 'defined', text: `${name} = ${shownValue(variable)}\n${from}` };
}

function dynamicMeaning({ name, value, origin }: VariableState, words: string): Meaning {
  if (words === '' && value === null) return { state: 'undefined', text: `${name} needs more words: ${origin}.` };
  const example = words === '' ? `\nFor example ${value}` : '';
  return { state: 'defined', text: `${name}: ${origin}. Made anew at each use.${example}` };
}

/** A value as it may be shown. */
export function shownValue({ value, secret, has }: VariableState): string {
  if (secret) return has ? MASK : 'no value';
  return value === '' ? 'empty' : (value ?? '');
}
