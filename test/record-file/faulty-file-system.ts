import fs from 'node:fs';
import type { FilePlatform, FileSystem } from '../../src/record-file/file-system';

/** A fault of one file system call: it fails with this code, or writes at most this many bytes. */
export type Fault = { readonly code: string } | { readonly bytes: number };

export interface FaultyPlatform extends FilePlatform {
  /** All calls up to now, in order. */
  readonly calls: string[];
  /** The open descriptors. */
  readonly open: Set<number>;
}

/** The real file system with the faults that `faultAt` returns. */
export function faultyPlatform(
  faultAt: (call: string, index: number) => Fault | undefined = () => undefined,
): FaultyPlatform {
  const calls: string[] = [];
  const open = new Set<number>();
  const guarded = <T>(call: string, run: (fault: Fault | undefined) => T): T => {
    const fault = faultAt(call, calls.length);
    calls.push(call);
    if (fault !== undefined && 'code' in fault) {
      throw failure(fault.code);
    }
    return run(fault);
  };
  const shortened = (length: number, fault: Fault | undefined): number =>
    fault !== undefined && 'bytes' in fault ? Math.min(fault.bytes, length) : length;

  const fileSystem: FileSystem = {
    constants: fs.constants,
    openSync: (...args) =>
      guarded('open', () => {
        const descriptor = fs.openSync(...args);
        open.add(descriptor);
        return descriptor;
      }),
    fstatSync: (descriptor) => guarded('fstat', () => fs.fstatSync(descriptor)),
    statSync: (path) => guarded('stat', () => fs.statSync(path)),
    fchmodSync: (...args) => guarded('fchmod', () => fs.fchmodSync(...args)),
    mkdirSync: (...args) => guarded('mkdir', () => fs.mkdirSync(...args)),
    readSync: (...args) => guarded('read', () => fs.readSync(...args)),
    writeSync: (descriptor, bytes, offset, length) =>
      guarded('write', (fault) => fs.writeSync(descriptor, bytes, offset, shortened(length, fault))),
    fsyncSync: (descriptor) => guarded('fsync', () => fs.fsyncSync(descriptor)),
    fsync: (descriptor, callback) => guarded('fsync', () => fs.fsync(descriptor, callback)),
    closeSync: (descriptor) => {
      open.delete(descriptor);
      fs.closeSync(descriptor);
      // The descriptor is released even if closing fails.
      guarded('close', () => undefined);
    },
  };
  return {
    fileSystem,
    userId: process.geteuid?.(),
    calls,
    open,
  };
}

/** An error like Node's, with a path in its message. */
export function failure(code: string): Error {
  return Object.assign(new Error(`${code}: something, open '/home/user/private.jsonl'`), { code });
}
