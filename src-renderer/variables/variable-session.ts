// Whose variables the fields below name.
import { createContext } from 'react';

/** Id of a session; undefined where texts name none. */
export const VariableSession = createContext<string | undefined>(undefined);
