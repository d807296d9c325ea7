export function workflowProblems(name: string, text: string, writers?: { [job: string]: string[] }): string[];
