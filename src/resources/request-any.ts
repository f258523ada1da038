import type { RequestOptions } from '../config/options';
import { APIPromise } from './api-promise';
import { EventQueue } from './event-source';
import { parseAnswer } from './parse-answer';
import { openStream } from './post-typed';
import type { StartCall, TypedCall } from './typed-call';

/** Options of a request to an endpoint without a typed method. */
export interface MethodOptions extends RequestOptions {
  /** Sent as JSON, unless it is bytes, a form or a stream, or text with a content type of its own. */
  readonly body?: unknown;
  /** The answer is iterated. @default false */
  readonly stream?: boolean | undefined;
}

/** A request to an endpoint without a typed method. */
export interface FinalRequestOptions extends MethodOptions {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below the base URL. */
  readonly path: string;
}

/** A request that was put together and not sent. */
export interface BuiltRequest {
  readonly req: { readonly method: string; readonly headers: Headers; readonly body: BodyInit | undefined };
  readonly url: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/** T is what the caller knows of the endpoint: with `stream: true` a Stream of its events. */
export function requestAny<T>(start: StartCall, request: FinalRequestOptions): APIPromise<T> {
  const call = toCall(request);
  if (!call.stream) {
    return new APIPromise<T>(start(call), parseAnswer<T>);
  }
  const queue = new EventQueue();
  const answer = start({ ...call, deliver: queue.deliver });
  // See above: the caller has said what it is.
  return new APIPromise<T>(answer, (opened) => openStream(opened, queue) as Promise<T>);
}

/** A request as the typed methods put theirs. */
export function toCall({ method, path, body, stream, ...options }: FinalRequestOptions): TypedCall {
  return { method, path, body, options, stream: stream === true };
}
