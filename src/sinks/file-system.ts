/** What of a file's status is looked at. */
export interface FileStatus {
  isFile(): boolean;
  readonly uid: number;
  readonly nlink: number;
  readonly size: number;
  readonly mode: number;
  readonly ino: number;
  readonly dev: number;
}

/** Flags of `open`; those a platform lacks count as 0. */
export interface OpenFlags {
  readonly O_APPEND: number;
  readonly O_CREAT: number;
  readonly O_WRONLY: number;
  readonly O_RDONLY: number;
  readonly O_NOFOLLOW?: number;
  readonly O_NONBLOCK?: number;
}

/** The part of `node:fs` that record files need; tests put in one that fails. */
export interface FileSystem {
  readonly constants: OpenFlags;
  openSync(path: string, flags: number, mode?: number): number;
  fstatSync(descriptor: number): FileStatus;
  statSync(path: string): FileStatus;
  fchmodSync(descriptor: number, mode: number): void;
  mkdirSync(path: string, options: { readonly recursive: true; readonly mode: number }): unknown;
  readSync(descriptor: number, into: Uint8Array, offset: number, length: number, position: number): number;
  writeSync(descriptor: number, bytes: Uint8Array, offset: number, length: number): number;
  fsyncSync(descriptor: number): void;
  fsync(descriptor: number, callback: (error: Error | null) => void): void;
  closeSync(descriptor: number): void;
}

/** What a record file needs of the platform. */
export interface FilePlatform {
  readonly fileSystem: FileSystem;
  /** Whose files are ours; `undefined` where users have no numbers (Windows): ownership and modes are not checked there. */
  readonly userId: number | undefined;
}

/**
 * Finds the file system at run time, so that the core has no import of a Node built-in and bundles for any target.
 * `process.getBuiltinModule` exists in Node 22.3 and later, Bun and Deno.
 */
export function findFilePlatform(): FilePlatform | undefined {
  // Other platforms have no `process`; bundlers for browsers may put in a stand-in with little in it.
  const host = globalThis.process as Partial<NodeJS.Process> | undefined;
  if (typeof host?.getBuiltinModule !== 'function') {
    return undefined;
  }
  return { fileSystem: host.getBuiltinModule('node:fs'), userId: host.geteuid?.() };
}
