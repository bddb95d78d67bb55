/**
 * Signatures checked in one thread beside the main one: a year of a state has 42,000 of them, five seconds of work that the fold need not
 * wait for. They go over by the dozen, since waking a thread for each would cost as much as checking it.
 *
 *     task    u8 kind (0 Ed25519, 1 P-256) ‖ three times: u32 length ‖ bytes    key, message, signature
 *     answer  a byte for each task of a message: 1 right, 0 not
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Verifier } from '@bellwether/evidence';
import { type NodeKind, signatureChecker } from './node-verifier.ts';

/** Signatures of one message: fifteen milliseconds of work, beside which sending and waking take nothing. */
const AT_ONCE = 128;

/** What tells the thread what it is for: nothing else starts the program as a thread. */
const ROLE = 'signatures';

/** A verifier with a thread of its own, which has to be closed. */
export type ThreadVerifier = Verifier & { readonly close: () => Promise<void> };

type Waiting = { readonly resolve: (isRight: boolean) => void; readonly reject: (error: Error) => void };

/** Starts the thread. `program`: the file whose main module calls `serveSignatures` where it is a thread. */
export function startSignatureThread(program: URL): ThreadVerifier {
  const worker = new Worker(program, { workerData: ROLE });
  // The thread alone keeps no program alive; whoever waits for an answer does.
  worker.unref();
  const sent: Waiting[][] = [];
  let tasks: Uint8Array[] = [];
  let waiting: Waiting[] = [];
  let failed: Error | null = null;

  function send(): void {
    if (waiting.length === 0) return;
    const bytes = Uint8Array.from(Buffer.concat(tasks));
    sent.push(waiting);
    [tasks, waiting] = [[], []];
    worker.ref();
    worker.postMessage(bytes, [bytes.buffer]);
  }

  function fail(error: Error): void {
    failed = error;
    for (const { reject } of [...sent.flat(), ...waiting]) reject(error);
    sent.length = 0;
    waiting = [];
  }

  worker.on('message', (answers: Uint8Array) => {
    sent.shift()?.forEach(({ resolve }, at) => void resolve(answers[at] === 1));
    if (sent.length === 0) worker.unref();
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the thread that checks signatures has ended')));

  function check(
    kind: NodeKind,
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ): Promise<boolean> {
    if (failed !== null) return Promise.reject(failed);
    return new Promise((resolve, reject) => {
      if (tasks.length === 0) setImmediate(send);
      tasks.push(taskOf(kind, [publicKey, message, signature]));
      waiting.push({ resolve, reject });
      if (tasks.length === AT_ONCE) send();
    });
  }

  return {
    ed25519: (publicKey, message, signature) => check('ed25519', publicKey, message, signature),
    p256: (publicKey, message, signature) => check('p256', publicKey, message, signature),
    mlDsa44: async () => false,
    async close() {
      // Whoever stops in the middle waits for no answer any more.
      sent.length = 0;
      [tasks, waiting] = [[], []];
      await worker.terminate();
    },
  };
}

/** In a thread that was started for it: checks what is sent, from now on. Tells whether this is such a thread. */
export function serveSignatures(): boolean {
  if (isMainThread || workerData !== ROLE || parentPort === null) return false;
  const port = parentPort;
  const check = signatureChecker();
  port.on('message', (bytes: Uint8Array) => {
    const answers: number[] = [];
    for (let at = 0; at < bytes.length; ) {
      const kind = bytes[at++] === 0 ? 'ed25519' : 'p256';
      const parts: Uint8Array[] = [];
      for (let part = 0; part < 3; part++) {
        const length = new DataView(bytes.buffer).getUint32(at);
        parts.push(bytes.subarray(at + 4, at + 4 + length));
        at += 4 + length;
      }
      answers.push(check(kind, parts[0]!, parts[1]!, parts[2]!) ? 1 : 0);
    }
    port.postMessage(Uint8Array.from(answers));
  });
  return true;
}

function taskOf(kind: NodeKind, parts: readonly Uint8Array[]): Uint8Array {
  const task = new Uint8Array(1 + parts.reduce((sum, { length }) => sum + 4 + length, 0));
  const view = new DataView(task.buffer);
  task[0] = kind === 'ed25519' ? 0 : 1;
  let at = 1;
  for (const part of parts) {
    view.setUint32(at, part.length);
    task.set(part, at + 4);
    at += 4 + part.length;
  }
  return task;
}
