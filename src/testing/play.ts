import { encodeEvent, type Head, type Steps } from './step';
import { untilStopped, wait } from './wait';

/** What a driver can do with a connection. */
export interface Connection {
  /** Whether a wait keeps the process alive; see {@link wait}. */
  readonly keepsProcessAlive: boolean;
  informational(link: string): void;
  head(head: Head): void;
  partialHead(head: Head): void;
  /** Bytes of the body; resolves when the other side can take more. */
  write(bytes: Uint8Array): Promise<void> | void;
  raw(bytes: Uint8Array): Promise<void> | void;
  /** Hands over what is buffered, before silence. */
  flush(): void;
  end(closeConnection: boolean): void;
  cut(): void;
  reset(): void;
}

/** Does `steps` on `connection` until they are over or `stop` fires. Resolves to whether they came to their end. */
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
