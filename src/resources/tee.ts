type Result<Item> = Promise<IteratorResult<Item>>;

/** What one branch has not read yet. */
interface Branch<Item> {
  results: Result<Item>[];
  isClosed: boolean;
}

/** Splits an iterator in two. A closed branch keeps nothing; when both are closed the source is. */
export function teeIterator<Item>(source: AsyncIterator<Item>): [AsyncIterator<Item>, AsyncIterator<Item>] {
  const left: Branch<Item> = { results: [], isClosed: false };
  const right: Branch<Item> = { results: [], isClosed: false };

  const pull = (): void => {
    const result = source.next();
    // A branch that never reads it must not make it an unhandled rejection.
    result.catch(() => undefined);
    for (const branch of [left, right]) {
      if (!branch.isClosed) {
        branch.results.push(result);
      }
    }
  };

  const iteratorOf = (branch: Branch<Item>): AsyncIterator<Item> => ({
    next() {
      if (branch.isClosed) {
        return Promise.resolve({ done: true, value: undefined });
      }
      if (branch.results.length === 0) {
        pull();
      }
      return branch.results.shift() ?? Promise.resolve({ done: true, value: undefined });
    },
    async return() {
      branch.isClosed = true;
      branch.results = [];
      if (left.isClosed && right.isClosed) {
        await source.return?.();
      }
      return { done: true, value: undefined };
    },
  });
  return [iteratorOf(left), iteratorOf(right)];
}
