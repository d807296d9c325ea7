// The imports of a TypeScript source, read from its text: static imports and re-exports, and import() of a literal.

// No clause holds a '=': without it a long table of numbers would be searched to its end, again and again.
const STATEMENT = /^[ \t]*(import|export)\s+(type\s+)?(?:([^'";=]*?)\s+from\s+)?'([^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*\)/g;

/** `typeOnly`: nothing of it is left at run time. `later`: only an import() asks for it. */
export function parseImports(source) {
  const found = [];
  for (const [, , type, clause, specifier] of source.matchAll(STATEMENT)) {
    const names = /^\{([^}]*)\}$/s.exec((clause ?? '').trim());
    const allTypes = names
      ? names[1].split(',').every((name) => name.trim() === '' || name.trim().startsWith('type '))
      : false;
    found.push({ specifier, typeOnly: Boolean(type) || (names !== null && allTypes), later: false });
  }
  for (const [, specifier] of source.matchAll(DYNAMIC)) found.push({ specifier, typeOnly: false, later: true });
  return found;
}
