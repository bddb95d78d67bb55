/** A sink that writes files below a folder. */
import { accessSync, closeSync, constants, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Sink } from './contacts/writers/log-file.ts';

/** A sink that has to be closed. */
export type FolderSink = Sink & { readonly close: () => void };

/** A sink for the folder, which is made when it is not there, or the reason why it cannot be written. */
export function folderSink(folder: string): string | FolderSink {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const open = new Map<string, number>();
  return {
    write(file, bytes) {
      let descriptor = open.get(file);
      if (descriptor === undefined) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        descriptor = openSync(join(folder, file), 'w');
        open.set(file, descriptor);
      }
      for (let from = 0; from < bytes.length; ) from += writeSync(descriptor, bytes, from);
    },
    close() {
      for (const descriptor of open.values()) closeSync(descriptor);
    },
  };
}
