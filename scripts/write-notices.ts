import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { bundledIntoCommonJs } from './entries.ts';

/** Their licences ask that the notice goes with every copy: code inside the CommonJS files, types inside the declarations. */
export function writeNotices(file: string): void {
  const notices = [...bundledIntoCommonJs, 'openai'].map((name) => {
    const folder = `node_modules/${name}`;
    const licence = readdirSync(folder).find((entry) => /^licen[cs]e(?:\.|$)/i.test(entry));
    if (licence === undefined) {
      throw new Error(`${name} ships no licence file: its notice cannot be passed on`);
    }
    const part = name === 'openai' ? 'type declarations' : 'code inside the CommonJS files';
    return `${name} (${part})\n\n${readFileSync(`${folder}/${licence}`, 'utf8').trim()}\n`;
  });
  writeFileSync(file, notices.join(`\n${'-'.repeat(80)}\n\n`));
}
