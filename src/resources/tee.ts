type Result<Item> = Promise<IteratorResult<Item>>;

/** Taken entries are removed at this number if they are half of the queue. So each entry moves once on average. */
const MIN_COMPACTED = 1_024;

/** The results that one branch has not read yet. */
class Branch<Item> {
  #results: (Result<Item> | undefined)[] = [];
  #taken = 0;
  #isClosed = false;

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Adds a result. A closed branch keeps none. */
  add(result: Result<Item>): void {
    if (!this.#isClosed) {
      this.#results.push(result);
    }
  }

  take(): Result<Item> | undefined {
    const results = this.#results;
    const result = results[this.#taken];
    if (result === undefined) {
      return undefined;
    }
    // Lets the garbage collector free the result before the queue is cut.
    results[this.#taken] = undefined;
    this.#taken++;
    if (this.#taken === results.length) {
      this.#results = [];
      this.#taken = 0;
    } else if (this.#taken >= MIN_COMPACTED && this.#taken * 2 >= results.length) {
      this.#results = results.slice(this.#taken);
      this.#taken = 0;
    }
    return result;
  }

  close(): void {
    this.#isClosed = true;
    this.#results.length = 0;
    this.#taken = 0;
  }
}

/** Splits an iterator in two. Both branches return the same promises. When both are closed, the source is closed. */
export function teeIterator<Item>(
  source: AsyncIterator<Item>,
  closeSource: () => Promise<unknown>,
): [AsyncIterator<Item>, AsyncIterator<Item>] {
  const left = new Branch<Item>();
  const right = new Branch<Item>();

  const pull = (): void => {
    const result = source.next();
    // Prevents an unhandled rejection if a branch never reads the result.
    result.catch(() => undefined);
    left.add(result);
    right.add(result);
  };

  const iteratorOf = (branch: Branch<Item>): AsyncIterator<Item> => ({
    next() {
      const early = branch.take();
      if (early !== undefined || branch.isClosed) {
        return early ?? Promise.resolve({ done: true, value: undefined });
      }
      pull();
      return branch.take() ?? Promise.resolve({ done: true, value: undefined });
    },
    async return() {
      if (!branch.isClosed) {
        branch.close();
        if (left.isClosed && right.isClosed) {
          await closeSource();
        }
      }
      return { done: true, value: undefined };
    },
  });
  return [iteratorOf(left), iteratorOf(right)];
}
