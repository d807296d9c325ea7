export interface Section {
  version: string;
  date?: string;
  malformed?: boolean;
  body: string;
}
export function sectionsOf(changelog: string): Section[];
export function changelogProblems(changelog: string, version: string, released: boolean): string[];
