// What all parts of a message's form share: the JSON they show and how they change it.
import { createContext, type FunctionComponent, useContext } from 'react';
import type { JsonNode, JsonPath } from '../proto-json/json-tree.ts';
import type { ValueType } from '../proto-json/value-type.ts';
import type { TypeCache } from '../schema/type-cache.ts';

export interface MessageFormContext {
  session: string;
  text: string;
  types: TypeCache;
  /** Sets the JSON at a path; undefined takes it away. */
  set(path: JsonPath, json: string | undefined): void;
  rename(path: JsonPath, key: string): void;
  move(path: JsonPath, from: number, to: number): void;
  /** The control of a value of whatever type: how messages, lists and maps show what is in them. */
  Value: FunctionComponent<ValueControlProps>;
}

const Context = createContext<MessageFormContext | undefined>(undefined);

export const MessageFormProvider = Context.Provider;

export function useMessageForm(): MessageFormContext {
  const context = useContext(Context);
  if (!context) throw new Error('A part of a message’s form stands outside of one.');
  return context;
}

/** What every control of a value gets. */
export interface ControlProps {
  /** Accessible name: the path of the field. */
  label: string;
  path: JsonPath;
  /** Absent while the value is not set. */
  node: JsonNode | undefined;
}

export interface ValueControlProps extends ControlProps {
  value: ValueType;
  presence: boolean;
  /** Messages around it. */
  depth: number;
  /** It is always there: what it is part of (a list, a map, a oneof) takes it away. */
  isElement?: boolean;
}
