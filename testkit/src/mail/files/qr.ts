/** QR codes (ISO/IEC 18004) as a picture, as SVG and as block characters. */
import { encode } from 'uqr';
import type { Bitmap } from './bitmap.ts';

/** Quiet zone, in modules (ISO/IEC 18004, 9.1). */
const QUIET = 4;

/** The code as a picture; `scale` is pixels a module. */
export function qrBitmap(text: string, scale = 6): Bitmap {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET });
  const width = size * scale;
  const grey = Buffer.alloc(width * width, 255);
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < width; x++) {
      if (data[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true) grey[y * width + x] = 0;
    }
  }
  return { width, height: width, grey };
}

/** The code as an SVG document. */
export function qrSvg(text: string): string {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET });
  const squares = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="240" height="240"><rect width="${size}" height="${size}" fill="#fff"/><path d="${squares.join('')}" fill="#000"/></svg>`;
}

/** The code in half blocks, two rows of modules a line. */
export function qrBlocks(text: string): string[] {
  const { data, size } = encode(text, { ecc: 'L', border: 2 });
  return Array.from({ length: Math.ceil(size / 2) }, (_, line) =>
    Array.from({ length: size }, (_, x) => {
      const upper = data[2 * line]?.[x] === true;
      const lower = data[2 * line + 1]?.[x] === true;
      if (upper && lower) return '█';
      if (upper) return '▀';
      return lower ? '▄' : ' ';
    }).join(''),
  );
}
