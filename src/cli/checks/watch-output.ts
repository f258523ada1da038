import type { SinkName } from './sink-watch';

type Write = NodeJS.WriteStream['write'];

/**
 * Searches all writes of this process to stdout and stderr, including those of preloaded modules. Drops a write that
 * contains a secret.
 *
 * @returns a function that restores both streams
 */
export function watchOutput(sees: (sink: SinkName, text: string) => boolean): () => void {
  const restored = [watchStream(process.stdout, 'stdout', sees), watchStream(process.stderr, 'stderr', sees)];
  return () => {
    for (const restore of restored) {
      restore();
    }
  };
}

function watchStream(
  stream: NodeJS.WriteStream,
  sink: SinkName,
  sees: (sink: SinkName, text: string) => boolean,
): () => void {
  const own: Write = stream.write;
  const watching = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
    const text = typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk);
    if (sees(sink, text)) {
      return Reflect.apply(own, stream, [chunk, ...rest]);
    }
    const done = rest.findLast((value) => typeof value === 'function');
    done?.();
    return true;
  };
  // The overloads of `write` differ only in `rest`, which is passed through unchanged.
  stream.write = watching as Write;
  return () => {
    stream.write = own;
  };
}
