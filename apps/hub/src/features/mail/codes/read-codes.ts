/** Codes for telephones in pictures, read by ZXing, which is loaded when the first picture comes. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { GreyPicture } from '@bellwether/mail';

/** Codes of one picture that are read. */
const MOST_CODES = 4;

/** Name of the module beside the built program. */
const MODULE = 'zxing_reader.wasm';

type Reader = typeof import('zxing-wasm/reader');

let loading: Promise<Reader> | undefined;

async function load(): Promise<Reader> {
  const reader = await import('zxing-wasm/reader');
  const beside = new URL(MODULE, import.meta.url);
  const path = existsSync(beside)
    ? beside
    : createRequire(import.meta.url).resolve(`zxing-wasm/reader/${MODULE}`);
  // Handed in, so that the library does not fetch it from its own place.
  const { buffer } = new Uint8Array(readFileSync(path));
  reader.prepareZXingModule({ overrides: { wasmBinary: buffer }, fireImmediately: false });
  return reader;
}

/** What codes say; none where there are none, or where the picture cannot be read. */
export async function readCodes(picture: Uint8Array | GreyPicture): Promise<readonly string[]> {
  loading ??= load();
  const { readBarcodes } = await loading;
  try {
    const found = await readBarcodes(picture instanceof Uint8Array ? picture : imageOf(picture), {
      formats: ['QRCode', 'MicroQRCode', 'DataMatrix', 'Aztec'],
      maxNumberOfSymbols: MOST_CODES,
      tryHarder: false,
    });
    return found.filter(({ isValid }) => isValid).map(({ text }) => text);
  } catch {
    return [];
  }
}

/** As a browser would hand it over. */
function imageOf({ width, height, grey }: GreyPicture): Parameters<Reader['readBarcodes']>[0] {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < grey.length; at++) {
    data.fill(grey[at]!, at * 4, at * 4 + 3);
    data[at * 4 + 3] = 255;
  }
  return { width, height, data, colorSpace: 'srgb' } as Parameters<Reader['readBarcodes']>[0];
}
