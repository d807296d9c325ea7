// What the operating system says when it refuses, and what that means for somebody who wanted to use a file.

/** Such as ENOENT. Undefined for whatever is no error with a code. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Why a file cannot be used. */
export interface FileRefusal {
  /** In one sentence that names the file. */
  what(path: string): string;
  /** Behind a sentence that names it. */
  why: string;
  next: string;
}

/** By the code of the error; any other code is as good a reason as its message. */
export const FILE_REFUSALS: { readonly [code: string]: FileRefusal } = {
  ENOENT: {
    what: (path) => `There is no file ${path}.`,
    why: 'There is no such file or folder.',
    next: 'Check the path.',
  },
  EACCES: {
    what: (path) => `${path} may not be opened.`,
    why: 'The permissions do not allow it.',
    next: 'Change the permissions or choose another place.',
  },
  EPERM: {
    what: (path) => `${path} may not be changed.`,
    why: 'The permissions do not allow it.',
    next: 'Change the permissions or choose another place.',
  },
  EISDIR: { what: (path) => `${path} is a folder.`, why: 'It is a folder.', next: 'Choose a file.' },
  /** Our own code, of what waits for ever or has no end. */
  ENOTFILE: {
    what: (path) => `${path} is no ordinary file.`,
    why: 'It is a folder, a pipe or a device.',
    next: 'Choose a file.',
  },
  ENOTDIR: {
    what: (path) => `A part of ${path} is not a folder.`,
    why: 'A part of its path is not a folder.',
    next: 'Check the path.',
  },
  EEXIST: {
    what: (path) => `Something else is at ${path} already.`,
    why: 'Something else is there already.',
    next: 'Move it out of the way.',
  },
  ENAMETOOLONG: {
    what: (path) => `The name of ${path} is too long.`,
    why: 'The name is longer than the file system allows.',
    next: 'Choose a shorter name.',
  },
  ENOSPC: {
    what: (path) => `There is no room left for ${path}.`,
    why: 'The disk is full.',
    next: 'Free some disk space, then try again.',
  },
  EROFS: {
    what: (path) => `${path} is on a file system that cannot be written.`,
    why: 'The file system is read-only.',
    next: 'Choose another place.',
  },
  EMFILE: {
    what: (path) => `${path} could not be opened: too many files are open.`,
    why: 'Too many files are open.',
    next: 'Close some sessions and try again.',
  },
  EFBIG: {
    what: (path) => `${path} is as large as its file system allows.`,
    why: 'The file system does not allow files of this size.',
    next: 'Choose a place on another disk.',
  },
};
