/** The bytes of the module that reading.as.ts compiles to. */
export function compileReading(): Promise<Uint8Array>;
