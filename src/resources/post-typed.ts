import { APIPromise } from './api-promise';
import { EventIterator, EventQueue } from './event-source';
import { parseAnswer } from './parse-answer';
import { once, Stream } from './stream';
import type { StartCall, TypedAnswer, TypedCall } from './typed-call';

type TypedRequest = Omit<TypedCall, 'stream' | 'deliver' | 'method'>;

/** Sends a POST. Returns a stream if `typedCall.stream` is true, otherwise the parsed response. */
export function postTyped<Value, Item>(
  start: StartCall,
  typedCall: TypedRequest & { readonly stream: boolean },
  finish?: (value: Value) => Value,
): APIPromise<Value | Stream<Item>> {
  return typedCall.stream ? postStream<Item>(start, typedCall) : postWhole<Value>(start, typedCall, finish);
}

function postWhole<Value>(
  start: StartCall,
  typedCall: TypedRequest,
  finish?: (value: Value) => Value,
): APIPromise<Value> {
  const answer = start({ ...typedCall, method: 'POST', stream: false });
  return finish === undefined
    ? new APIPromise(answer, parseAnswer<Value>)
    : new APIPromise(answer, async (opened) => finish(await parseAnswer<Value>(opened)));
}

function postStream<Item>(start: StartCall, typedCall: TypedRequest): APIPromise<Stream<Item>> {
  const queue = new EventQueue();
  const answer = start({ ...typedCall, method: 'POST', stream: true, deliver: queue.deliver });
  return new APIPromise(answer, (opened) => openStream<Item>(opened, queue));
}

/** @throws UnexpectedResponseError if the response is not an event stream */
export async function openStream<Item>(answer: TypedAnswer, queue: EventQueue): Promise<Stream<Item>> {
  if (!answer.isEventStream) {
    // Read the body first, so an error in it is thrown. Otherwise a whole response is unexpected here.
    await parseAnswer<unknown>(answer);
    throw answer.error();
  }
  const controller = new AbortController();
  // The stream and its iterator keep the holder reachable. When both are garbage collected, the call is abandoned.
  const holder = {};
  answer.cancelWhenCollected(holder);
  const iterate = once(() => new EventIterator<Item>(answer, queue, controller, holder));
  controller.signal.addEventListener('abort', () => answer.body.cancel(), { once: true });
  return new Stream<Item>(iterate, controller, { facts: answer.facts });
}
