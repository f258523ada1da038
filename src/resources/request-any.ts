import type { RequestOptions } from '../config/options';
import { APIPromise } from './api-promise';
import { EventQueue } from './event-source';
import { parseAnswer } from './parse-answer';
import { openStream } from './post-typed';
import type { StartCall, TypedCall } from './typed-call';

/** Options of a request to an endpoint without a typed method. */
export interface MethodOptions extends RequestOptions {
  /** Bytes, forms, streams and text with a `content-type` header are sent unchanged, all other values as JSON. */
  readonly body?: unknown;
  /**
   * Returns a `Stream` of events.
   *
   * @default false
   */
  readonly stream?: boolean | undefined;
}

/** A request to an endpoint without a typed method. */
export interface FinalRequestOptions extends MethodOptions {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Path below the base URL. */
  readonly path: string;
}

/** A request that was built but not sent. */
export interface BuiltRequest {
  readonly req: { readonly method: string; readonly headers: Headers; readonly body: BodyInit | undefined };
  readonly url: string;
  /** Timeout in milliseconds. */
  readonly timeout: number;
}

/** Sends a request to an endpoint without a typed method. The caller declares T, with `stream: true` as a Stream. */
export function requestAny<T>(start: StartCall, request: FinalRequestOptions): APIPromise<T> {
  const call = toCall(request);
  if (!call.stream) {
    return new APIPromise<T>(start(call), parseAnswer<T>);
  }
  const queue = new EventQueue();
  const answer = start({ ...call, deliver: queue.deliver });
  // The caller declared T as a Stream.
  return new APIPromise<T>(answer, (opened) => openStream(opened, queue) as Promise<T>);
}

/** Converts a request to the form that the typed methods use. */
export function toCall({ method, path, body, stream, ...options }: FinalRequestOptions): TypedCall {
  return { method, path, body, options, stream: stream === true };
}
