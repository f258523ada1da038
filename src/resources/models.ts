import type { Model, ModelDeleted } from 'openai/resources/models';
import type { RequestOptions } from '../config/options';
import { CometAPIError } from '../errors/cometapi-error';
import { APIPromise } from './api-promise';
import { parseAnswer, withMarks } from './parse-answer';
import type { StartCall, TypedAnswer } from './typed-call';

/** The list of models. CometAPI returns it in one page. */
export class ModelsPage implements AsyncIterable<Model> {
  readonly object: 'list' = 'list';
  readonly data: Model[];

  /** @internal */
  constructor(data: Model[]) {
    this.data = data;
  }

  getPaginatedItems(): Model[] {
    return this.data;
  }

  hasNextPage(): boolean {
    return false;
  }

  /** @throws CometAPIError always, because there is only one page */
  async getNextPage(): Promise<this> {
    throw new CometAPIError('There is no next page. Check hasNextPage() first.');
  }

  async *iterPages(): AsyncGenerator<ModelsPage> {
    yield this;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Model> {
    yield* this.data;
  }
}

/** The promise of a page. You can iterate it directly: `for await (const model of client.models.list())`. */
export class PagePromise<
    Page extends { getPaginatedItems(): unknown[] } = ModelsPage,
    Item = ReturnType<Page['getPaginatedItems']>[number],
  >
  extends APIPromise<Page>
  implements AsyncIterable<Item>
{
  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    const page: Page = await this;
    // By default, `Item` is the item type of the page. A caller can declare another one.
    yield* page.getPaginatedItems() as Item[];
  }
}

/** `client.models` */
export class Models {
  readonly #start: StartCall;

  /** @internal */
  constructor(start: StartCall) {
    this.#start = start;
  }

  /** Sends `GET /v1/models`. */
  list(options: RequestOptions = {}): PagePromise {
    return new PagePromise(this.#start({ method: 'GET', path: '/models', options, stream: false }), parsePage);
  }
}

/** The types of `openai`, in the same namespace as in `openai`. */
export declare namespace Models {
  export type { Model, ModelDeleted, ModelsPage };
}

async function parsePage(answer: TypedAnswer): Promise<ModelsPage> {
  const value = await parseAnswer<unknown>(answer);
  const data: unknown = typeof value === 'object' && value !== null && 'data' in value ? value.data : undefined;
  if (!Array.isArray(data)) {
    throw answer.error();
  }
  const page = new ModelsPage(data);
  withMarks(page, answer);
  return page;
}
