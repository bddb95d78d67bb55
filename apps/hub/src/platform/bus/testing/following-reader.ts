/** A thread that follows the journal: told how much is on disk, it answers with the numbers that it read. */
import { parentPort, workerData } from 'node:worker_threads';
import { openReader } from '../journal-reader.ts';
import { faultOf } from './numbered.ts';

const reader = openReader(workerData as string, 0).okOrThrow();
let number = 0;

parentPort!.on('message', (durable: number | null) => {
  if (durable === null) {
    reader.close();
    parentPort!.close();
    return;
  }
  for (let record = reader.next(durable); record !== undefined; record = reader.next(durable)) {
    const fault = faultOf(record, number);
    if (fault !== undefined) throw new Error(fault);
    number += 1;
  }
  parentPort!.postMessage(number);
});
