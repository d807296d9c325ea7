/** File name → text of each. */
export function jsonSchemas(): Map<string, string>;
