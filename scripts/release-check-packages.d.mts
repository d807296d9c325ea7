export function packageProblems(config: object, exists: (path: string) => boolean): Promise<string[]>;
