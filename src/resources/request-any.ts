import type { RequestOptions } from '../config/options';
import { APIPromise } from './api-promise';
import { EventQueue } from './event-source';
import { parseAnswer } from './parse-answer';
import { openStream } from './post-typed';
import type { StartCall } from './typed-call';

/** A request to an endpoint without a typed method. */
export interface FinalRequestOptions extends RequestOptions {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below the base URL. */
  readonly path: string;
  /** Sent as JSON, unless it is text or bytes. */
  readonly body?: unknown;
  /** The answer is iterated. @default false */
  readonly stream?: boolean | undefined;
}

/** T is what the caller knows of the endpoint: with `stream: true` a Stream of its events. */
export function requestAny<T>(
  start: StartCall,
  { method, path, body, stream, ...options }: FinalRequestOptions,
): APIPromise<T> {
  if (stream !== true) {
    return new APIPromise<T>(start({ method, path, body, options, stream: false }), parseAnswer<T>);
  }
  const queue = new EventQueue();
  const answer = start({ method, path, body, options, stream: true, deliver: queue.deliver });
  // See above: the caller has said what it is.
  return new APIPromise<T>(answer, (opened) => openStream(opened, queue) as Promise<T>);
}
