import type { Model } from 'openai/resources/models';
import type { RequestOptions } from '../config/options';
import { APIPromise } from './api-promise';
import { parseAnswer, withMarks } from './parse-answer';
import type { StartCall, TypedAnswer } from './typed-call';

/** The list of models; the gateway gives it whole, so there is one page. */
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

  async *iterPages(): AsyncGenerator<ModelsPage> {
    yield this;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Model> {
    yield* this.data;
  }
}

/** The promise of a page; can be iterated at once: `for await (const model of client.models.list())`. */
export class PagePromise extends APIPromise<ModelsPage> implements AsyncIterable<Model> {
  async *[Symbol.asyncIterator](): AsyncGenerator<Model> {
    yield* (await this).data;
  }
}

/** `client.models` */
export class Models {
  readonly #start: StartCall;

  /** @internal */
  constructor(start: StartCall) {
    this.#start = start;
  }

  /** `GET /v1/models` */
  list(options: RequestOptions = {}): PagePromise {
    return new PagePromise(this.#start({ method: 'GET', path: '/models', options, stream: false }), parsePage);
  }
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
