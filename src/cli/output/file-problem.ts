import { CliError } from '../cli-error';

/** A plain sentence for a failure of the file system; the path is the user's own word, its content is never shown. */
export function fileProblem(path: string, error: unknown, doing: 'read' | 'written'): CliError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new CliError(`${path} could not be ${doing}: ${REASONS[code] ?? 'the system refused'}.`);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ELOOP: 'it is a symbolic link, or goes around in circles',
  EEXIST: 'it exists already, and nothing is overwritten',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
  EDQUOT: 'the quota is used up',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long',
};
