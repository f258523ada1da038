import { CliError } from '../cli-error';

/** Converts an error of the file system to a message. It contains the path that the user passed, never file content. */
export function fileProblem(path: string, error: unknown, doing: 'read' | 'written'): CliError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new CliError(`${path} could not be ${doing}: ${REASONS[code] ?? 'the operating system refused'}.`);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'it is a directory',
  ENOTDIR: 'part of the path is not a directory',
  ELOOP: 'it is a symbolic link, or a loop of links',
  EEXIST: 'it exists already, and files are never overwritten',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
  EDQUOT: 'the quota is used up',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long',
};
