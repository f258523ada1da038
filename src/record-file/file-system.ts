/** The fields of a file's status that are checked. */
export interface FileStatus {
  isFile(): boolean;
  readonly uid: number;
  readonly nlink: number;
  readonly size: number;
  readonly mode: number;
  readonly ino: number;
  readonly dev: number;
}

/** Flags of `open`. A flag that the platform lacks counts as 0. */
export interface OpenFlags {
  readonly O_APPEND: number;
  readonly O_CREAT: number;
  readonly O_WRONLY: number;
  readonly O_RDONLY: number;
  readonly O_NOFOLLOW?: number;
  readonly O_NONBLOCK?: number;
}

/** The part of `node:fs` that record files need. Tests replace it with one that fails. */
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

/** The platform services that a record file needs. */
export interface FilePlatform {
  readonly fileSystem: FileSystem;
  /** The user id of this process. `undefined` on Windows, where ownership and modes are not checked. */
  readonly userId: number | undefined;
}

/**
 * Finds the file system at run time. The core imports no Node built-in, so it can be bundled for any target.
 * `process.getBuiltinModule` exists in Node 22.3 and later, Bun and Deno.
 */
export function findFilePlatform(): FilePlatform | undefined {
  // Other platforms have no `process`. Browser bundlers may define one with few fields.
  const host = globalThis.process as Partial<NodeJS.Process> | undefined;
  if (typeof host?.getBuiltinModule !== 'function') {
    return undefined;
  }
  return { fileSystem: host.getBuiltinModule('node:fs'), userId: host.geteuid?.() };
}
