/** Pictures as rows of grey, for codes that are put together of several, and for those that are drawn. PNG (RFC 2083) and SVG in part. */
import { unzlibSync } from 'fflate';

/** A picture in grey, one byte a pixel. */
export type GreyPicture = { readonly width: number; readonly height: number; readonly grey: Uint8Array };

/** Pixels that are looked at: a code on a full screen. */
const MOST_PIXELS = 4_000_000;

/** Bytes of one pixel by colour type, at eight bits. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Reads a PNG without interlacing; null for others. */
export function readPng(bytes: Uint8Array): GreyPicture | null {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (all.length < 45 || all.readUInt32BE(0) !== 0x89504e47) return null;
  const [width, height, depth, colour] = [all.readUInt32BE(16), all.readUInt32BE(20), all[24]!, all[25]!];
  const channels = CHANNELS[colour];
  if (channels === undefined || all[28] !== 0 || width * height > MOST_PIXELS || width * height === 0)
    return null;
  if (depth !== 8 && !(channels === 1 && (depth === 1 || depth === 2 || depth === 4))) return null;
  const data: Buffer[] = [];
  let palette: Buffer = Buffer.alloc(0);
  for (let at = 8; at + 12 <= all.length; ) {
    const length = all.readUInt32BE(at);
    const kind = all.toString('latin1', at + 4, at + 8);
    const chunk = all.subarray(at + 8, at + 8 + length);
    if (kind === 'IDAT') data.push(chunk);
    if (kind === 'PLTE') palette = chunk;
    at += 12 + length;
  }
  const bits = channels * depth;
  const row = Math.ceil((width * bits) / 8);
  const packed = Buffer.concat(data);
  try {
    const lines = unzlibSync(packed, { out: new Uint8Array((row + 1) * height) });
    unfiltered(lines, row, height, Math.max(1, bits >> 3));
    return { width, height, grey: greyOf(lines, { width, height, depth, colour, channels, row, palette }) };
  } catch {
    return null;
  }
}

/** Undoes the filters of lines (RFC 2083, 6), in place. */
function unfiltered(lines: Uint8Array, row: number, height: number, pixel: number): void {
  for (let y = 0; y < height; y++) {
    const at = y * (row + 1) + 1;
    const filter = lines[at - 1];
    for (let x = 0; x < row; x++) {
      const left = x < pixel ? 0 : lines[at + x - pixel]!;
      const above = y === 0 ? 0 : lines[at + x - row - 1]!;
      const corner = x < pixel || y === 0 ? 0 : lines[at + x - row - 1 - pixel]!;
      const added =
        filter === 1
          ? left
          : filter === 2
            ? above
            : filter === 3
              ? (left + above) >> 1
              : filter === 4
                ? paeth(left, above, corner)
                : 0;
      lines[at + x] = (lines[at + x]! + added) & 255;
    }
  }
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

type PngLayout = {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
  readonly channels: number;
  readonly row: number;
  readonly palette: Buffer;
};

function greyOf(
  lines: Uint8Array,
  { width, height, depth, colour, channels, row, palette }: PngLayout,
): Uint8Array {
  const grey = new Uint8Array(width * height);
  const most = (1 << depth) - 1;
  for (let y = 0; y < height; y++) {
    const at = y * (row + 1) + 1;
    for (let x = 0; x < width; x++) {
      let value: number;
      if (depth === 8) {
        const place = at + x * channels;
        value = colour === 2 || colour === 6 ? lines[place + 1]! : lines[place]!;
        if (colour === 3) value = palette[value * 3 + 1] ?? 255;
        // What is clear shows the ground, which is white.
        const alpha = colour === 4 ? lines[place + 1]! : colour === 6 ? lines[place + 3]! : 255;
        if (alpha < 128) value = 255;
      } else {
        const bit = x * depth;
        const part = (lines[at + (bit >> 3)]! >> (8 - depth - (bit & 7))) & most;
        value = colour === 3 ? (palette[part * 3 + 1] ?? 255) : (part * 255) / most;
      }
      grey[y * width + x] = value;
    }
  }
  return grey;
}

/** Two pictures as one, over or beside each other, where a side of both is as long; null where none is. */
export function joinedPictures(one: GreyPicture, other: GreyPicture): GreyPicture[] {
  const joined: GreyPicture[] = [];
  if (one.width === other.width)
    joined.push({
      width: one.width,
      height: one.height + other.height,
      grey: Buffer.concat([one.grey, other.grey]),
    });
  if (one.height === other.height) {
    const width = one.width + other.width;
    const grey = new Uint8Array(width * one.height);
    for (let y = 0; y < one.height; y++) {
      grey.set(one.grey.subarray(y * one.width, (y + 1) * one.width), y * width);
      grey.set(other.grey.subarray(y * other.width, (y + 1) * other.width), y * width + one.width);
    }
    joined.push({ width, height: one.height, grey });
  }
  return joined;
}

/** Pixels of a module where a picture is drawn here, and modules around it. */
const SCALE = 4;
const QUIET = 4;

/** Modules as a picture. */
export function drawn(dark: ReadonlySet<number>, width: number, height: number): GreyPicture {
  const [across, down] = [(width + 2 * QUIET) * SCALE, (height + 2 * QUIET) * SCALE];
  const grey = new Uint8Array(across * down).fill(255);
  for (const module of dark) {
    const [x, y] = [((module % width) + QUIET) * SCALE, (Math.floor(module / width) + QUIET) * SCALE];
    for (let line = 0; line < SCALE; line++)
      grey.fill(0, (y + line) * across + x, (y + line) * across + x + SCALE);
  }
  return { width: across, height: down, grey };
}

/** Modules of one side of a code, with its quiet zone: from version 1 to version 20. */
const FEWEST = 21;
const MOST_SIDE = 120;

/** A picture that is made of letters, two rows a line: blocks, or pairs of signs; null where there is none. */
export function lettersAsPicture(text: string): GreyPicture | null {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, '').replace(/^>+ ?/, ''));
  let best: string[] = [];
  let run: string[] = [];
  for (const line of [...lines.slice(0, 5_000), '']) {
    if (/[\u2580\u2584\u2588]/.test(line) && line.length <= 2 * MOST_SIDE) run.push(line);
    // A line of the quiet zone inside is empty.
    else if (run.length > 0 && line.trim() === '' && line.length > 0) run.push(line);
    else {
      if (run.length > best.length) best = run;
      run = [];
    }
  }
  const isHalf = best.some((line) => /[\u2580\u2584]/.test(line));
  const width = Math.max(0, ...best.map((line) => line.length));
  const height = isHalf ? best.length * 2 : best.length;
  if (height < FEWEST || width < FEWEST || width > 2 * MOST_SIDE) return null;
  const isWide = !isHalf && width > 1.5 * height;
  const dark = new Set<number>();
  const across = isWide ? width >> 1 : width;
  for (const [y, line] of best.entries())
    for (let x = 0; x < across; x++) {
      const char = line[isWide ? 2 * x : x];
      const upper = char === '\u2588' || char === '\u2580';
      const lower = char === '\u2588' || char === '\u2584';
      if (!isHalf) {
        if (upper) dark.add(y * across + x);
        continue;
      }
      if (upper) dark.add(2 * y * across + x);
      if (lower) dark.add((2 * y + 1) * across + x);
    }
  return drawn(dark, across, height);
}

/** Squares of a drawing. */
const MOST_SQUARES = 20_000;

/** A code that is drawn in SVG of squares: `<rect>`, and paths `M x y h1 v1 h-1 z`; null where there are none. */
export function svgAsPicture(svg: string): GreyPicture | null {
  const squares: [x: number, y: number, width: number, height: number][] = [];
  for (const [, attributes] of svg.matchAll(/<rect\b([^<>]{0,400})>/gi)) {
    const number = (name: string): number =>
      Number(new RegExp(`\\b${name}\\s*=\\s*["'](-?[\\d.]{1,10})`).exec(attributes!)?.[1] ?? 0);
    if (!/fill\s*[=:]\s*["']?\s*(?:#f{3,6}|white|none)/i.test(attributes!))
      squares.push([number('x'), number('y'), number('width'), number('height')]);
    if (squares.length > MOST_SQUARES) break;
  }
  for (const [, x, y, width, height] of svg.matchAll(
    /M\s?(-?[\d.]{1,10})[ ,](-?[\d.]{1,10})\s?h\s?(-?[\d.]{1,10})\s?v\s?(-?[\d.]{1,10})/g,
  )) {
    squares.push([Number(x), Number(y), Math.abs(Number(width)), Math.abs(Number(height))]);
    if (squares.length > MOST_SQUARES) break;
  }
  const side = Math.min(
    ...squares.map(([, , width, height]) => Math.min(width, height)).filter((length) => length > 0),
  );
  if (squares.length < 60 || !Number.isFinite(side)) return null;
  const [left, top] = [Math.min(...squares.map(([x]) => x)), Math.min(...squares.map(([, y]) => y))];
  const across = Math.round((Math.max(...squares.map(([x, , width]) => x + width)) - left) / side);
  const down = Math.round((Math.max(...squares.map(([, y, , height]) => y + height)) - top) / side);
  if (across < FEWEST || down < FEWEST || across > 2 * MOST_SIDE || down > 2 * MOST_SIDE) return null;
  const dark = new Set<number>();
  for (const [x, y, width, height] of squares)
    for (let row = 0; row < Math.round(height / side); row++)
      for (let column = 0; column < Math.round(width / side); column++)
        dark.add((Math.round((y - top) / side) + row) * across + Math.round((x - left) / side) + column);
  return drawn(dark, across, down);
}
