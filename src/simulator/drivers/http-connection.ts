import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { Connection } from '../play';
import { SIMULATOR_HEADER } from '../reception';
import { encodeText, type Head } from '../step';

/** A {@link Connection} over a real socket. */
export interface HttpConnection extends Connection {
  /** True after the last step. A later close is not caused by the client. */
  readonly isOver: boolean;
}

/** Performs steps on the socket of `response`. Faults are real: a cut is a FIN, a reset is a RST. */
export function createHttpConnection(response: ServerResponse, socket: Socket): HttpConnection {
  let isOver = false;
  /** True once we write to the socket directly and bypass node:http. */
  let isByHand = false;
  let hasHead = false;

  function send(target: Writable, bytes: Uint8Array): Promise<void> | void {
    if (!socket.destroyed && !target.write(bytes)) {
      return untilDrained(target, response);
    }
  }

  function flush(): void {
    if (hasHead && !isByHand) {
      response.flushHeaders();
    }
  }

  return {
    keepsProcessAlive: false,
    get isOver() {
      return isOver;
    },
    informational: (link) => response.writeEarlyHints({ link }),
    head(head) {
      hasHead = true;
      if (head.version === '1.0' || head.delimiter === 'close') {
        isByHand = true;
        socket.write(headBytes(head));
        return;
      }
      const lines = [...head.headers, SIMULATOR_HEADER].flat();
      if (head.reason === undefined) {
        response.writeHead(head.status, lines);
      } else {
        response.writeHead(head.status, head.reason, lines);
      }
    },
    partialHead(head) {
      isByHand = true;
      const bytes = headBytes(head);
      socket.write(bytes.subarray(0, bytes.length >> 1));
    },
    write: (bytes) => send(isByHand ? socket : response, bytes),
    raw(bytes) {
      flush();
      isByHand = true;
      return send(socket, bytes);
    },
    flush,
    end(closeConnection) {
      isOver = true;
      if (isByHand) {
        socket.end();
      } else {
        response.end(() => {
          if (closeConnection) {
            socket.end();
          }
        });
      }
    },
    cut() {
      isOver = true;
      flush();
      socket.end();
    },
    reset() {
      isOver = true;
      socket.resetAndDestroy();
    },
  };
}

/** Resolves when `target` drains or the response closes, because a destroyed socket never drains. */
function untilDrained(target: Writable, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      target.off('drain', finish);
      response.off('close', finish);
      resolve();
    };
    target.on('drain', finish);
    response.on('close', finish);
  });
}

/** Builds the header block for answers that node:http cannot write. */
function headBytes(head: Head): Uint8Array {
  const reason = head.reason ?? STATUS_CODES[head.status] ?? '';
  const lines = [...head.headers, SIMULATOR_HEADER, ['connection', 'close'] as const].map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return encodeText(`HTTP/${head.version ?? '1.1'} ${head.status} ${reason}\r\n${lines.join('')}\r\n`);
}
