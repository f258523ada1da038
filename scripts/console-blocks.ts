/** Runs the commands of a page. */
export interface Console {
  /** Runs one command line of `cometapi-otel`. */
  run(
    words: readonly string[],
  ): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;
  /** Reads a file that a command wrote. */
  read(path: string): string;
}

const BLOCK = /^```console\n([\s\S]*?)^```$/gm;
const PROMPT = '$ ';

/**
 * Runs the commands of every `console` block of a page and replaces the output in the page.
 *
 * Supports `cometapi-otel …`, optionally with `| head -N`, `echo $?`, and `head -N FILE`.
 */
export async function rerunConsole(markdown: string, surroundings: Console): Promise<string> {
  let page = '';
  let at = 0;
  for (const block of markdown.matchAll(BLOCK)) {
    page += markdown.slice(at, block.index);
    page += `\`\`\`console\n${await rerunBlock(block[1] ?? '', surroundings)}\`\`\``;
    at = block.index + block[0].length;
  }
  return page + markdown.slice(at);
}

async function rerunBlock(block: string, surroundings: Console): Promise<string> {
  let text = '';
  let exitCode = 0;
  // A backslash at the end of a line continues the command.
  for (const [command] of block.matchAll(/^\$ (?:.*\\\n)*.*\n/gm)) {
    text += command;
    const line = command
      .replaceAll(/\\\n\s*/g, '')
      .slice(PROMPT.length)
      .trim();
    if (line === 'echo $?') {
      text += `${exitCode}\n`;
      continue;
    }
    const [, count, path] = /^head -(\d+) (\S+)$/.exec(line) ?? [];
    if (path !== undefined) {
      text += firstLines(surroundings.read(path), Number(count));
      continue;
    }
    const [, words = '', head] = /^cometapi-otel (.*?)(?: \| head -(\d+))?$/.exec(line) ?? [];
    const result = await surroundings.run(splitWords(words));
    exitCode = result.exitCode;
    text += head === undefined ? result.stdout : firstLines(result.stdout, Number(head));
    text += result.stderr;
  }
  return text;
}

function splitWords(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

function firstLines(text: string, count: number): string {
  const lines = text.split('\n').slice(0, count);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
