import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RenderedRecord } from './record-output';
import { type NewFile, writeFiles } from './write-files';

/**
 * Writes a packet as Markdown, YAML and JSON: all three files or none. Overwrites no file.
 *
 * @param output a path without an extension, one of the three files, or a directory
 * @returns the paths of the files
 */
export async function writePacket(
  packet: RenderedRecord,
  name: string,
  output: string | undefined,
): Promise<readonly string[]> {
  const base = await baseOf(output, name);
  const files: readonly NewFile[] = [
    { path: `${base}.md`, text: packet.markdown },
    { path: `${base}.yaml`, text: packet.yaml },
    { path: `${base}.json`, text: `${packet.json}\n` },
  ];
  await writeFiles(files);
  return files.map(({ path }) => path);
}

async function baseOf(output: string | undefined, name: string): Promise<string> {
  const fileName = name.replaceAll(/[^A-Za-z0-9._-]/g, '_');
  if (output === undefined) {
    return fileName;
  }
  const isDirectory = await stat(output).then(
    (status) => status.isDirectory(),
    () => output.endsWith('/'),
  );
  return isDirectory ? join(output, fileName) : output.replace(/\.(?:md|ya?ml|json)$/i, '');
}
