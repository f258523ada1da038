import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { bundledIntoCommonJs } from './entries.ts';

/** Writes the notices that the licenses of bundled code and bundled types require in every copy. */
export function writeNotices(file: string): void {
  const notices = [...bundledIntoCommonJs, 'openai'].map((name) => {
    const folder = `node_modules/${name}`;
    const licence = readdirSync(folder).find((entry) => /^licen[cs]e(?:\.|$)/i.test(entry));
    if (licence === undefined) {
      throw new Error(`${name} has no license file, so its notice cannot be included. Do not bundle it.`);
    }
    const part = name === 'openai' ? 'type declarations' : 'code inside the CommonJS files';
    return `${name} (${part})\n\n${readFileSync(`${folder}/${licence}`, 'utf8').trim()}\n`;
  });
  writeFileSync(file, notices.join(`\n${'-'.repeat(80)}\n\n`));
}
