/** A port of this machine that nobody listens on. */
import { createServer } from 'node:net';

/** One that the system gives; whoever takes it has to be quick, and tests are. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
