import ts from 'typescript';
import { ownDeclarations } from './build-declarations.ts';

/** Returns every public declaration of this package, without comments and without the types of `openai`. */
export async function publicApi(entries: Readonly<Record<string, string>>): Promise<string> {
  const files = await ownDeclarations(entries);
  return files
    .map(({ name, text }) => `## ${name.replace(/-[A-Za-z0-9_-]{8}(?=\.d\.ts$)/, '-*')}\n\n${withoutComments(text)}`)
    .join('\n');
}

function withoutComments(text: string): string {
  const source = ts.createSourceFile('api.d.ts', text, ts.ScriptTarget.Latest);
  return ts
    .createPrinter({ removeComments: true })
    .printFile(source)
    .replaceAll(/-[A-Za-z0-9_-]{8}(?=\.js['"])/g, '-*');
}
