export function electronExecutable(options?: { download?: boolean }): string | undefined;
export function hasDisplay(): boolean;
export function onPath(name: string): string | undefined;
export function chromiumExecutable(): string | undefined;
