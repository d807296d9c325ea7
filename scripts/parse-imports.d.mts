/** The imports of a TypeScript source. `typeOnly`: nothing of it is left at run time. */
export function parseImports(source: string): { specifier: string; typeOnly: boolean; later: boolean }[];
