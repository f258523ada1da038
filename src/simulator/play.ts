import { encodeEvent, type Head, type Steps } from './step';
import { untilStopped, wait } from './wait';

/** The operations of a driver on a connection. */
export interface Connection {
  /** True if a wait keeps the process alive; see {@link wait}. */
  readonly keepsProcessAlive: boolean;
  informational(link: string): void;
  head(head: Head): void;
  partialHead(head: Head): void;
  /** Writes bytes of the body. Resolves when the other side can accept more. */
  write(bytes: Uint8Array): Promise<void> | void;
  raw(bytes: Uint8Array): Promise<void> | void;
  /** Sends buffered data before a pause. */
  flush(): void;
  end(closeConnection: boolean): void;
  cut(): void;
  reset(): void;
}

/** Performs `steps` on `connection` until they end or `stop` fires. Resolves to true if they ended by themselves. */
export async function play(steps: Steps, connection: Connection, stop: AbortSignal): Promise<boolean> {
  for (const step of steps) {
    if (stop.aborted) {
      return false;
    }
    switch (step.kind) {
      case 'wait':
        connection.flush();
        await wait(step.waitMs, stop, connection.keepsProcessAlive);
        break;
      case 'hang':
        connection.flush();
        await untilStopped(stop);
        return false;
      case 'informational':
        connection.informational(step.link);
        break;
      case 'head':
        connection.head(step.head);
        break;
      case 'partial_head':
        connection.partialHead(step.head);
        break;
      case 'event':
        await connection.write(encodeEvent(step));
        break;
      case 'bytes':
        await connection.write(step.bytes);
        break;
      case 'raw':
        await connection.raw(step.bytes);
        break;
      case 'end':
        connection.end(step.closeConnection === true);
        return true;
      case 'cut':
        connection.cut();
        return true;
      case 'reset':
        connection.reset();
        return true;
      default: {
        const never: never = step;
        return never;
      }
    }
  }
  return !stop.aborted;
}
