/**
 * The search through what a message carries: every file by what its bytes are, files in files to a depth, all within one budget. It never
 * throws, and what it could not look into is told.
 */
import { createHash } from 'node:crypto';
import { organisationOf } from '../../identify/organisation.ts';
import { viewHtml } from '../../read/view-html.ts';
import type { Signal } from '../../signal.ts';
import { foundIn, linksOf, signalsOf } from '../links/links.ts';
import type { OpenedFile, OpenedLink } from '../opened.ts';
import { calendarText } from './calendar.ts';
import { CompoundFile } from './compound.ts';
import { type FileKind, isRun, kindOf } from './kind.ts';
import { macrosOf } from './macros.ts';
import { isOffice, lookThroughOffice } from './office.ts';
import { scriptsOf } from './page.ts';
import { lookThroughPdf } from './pdf.ts';
import { type GreyPicture, joinedPictures, lettersAsPicture, readPng, svgAsPicture } from './picture.ts';
import { unpacked, zipMembers } from './zip.ts';

/** Reads codes for telephones from a picture: its bytes as a file, or its pixels. Empty where there is none, or where it cannot be read. */
export type ReadCodes = (picture: Uint8Array | GreyPicture) => Promise<readonly string[]>;

/** How much is looked into. */
export type OpenLimits = {
  /** Files in files. */
  readonly depth: number;
  /** Files in all. */
  readonly files: number;
  /** Bytes that are unpacked, of one file and of all. */
  readonly fileBytes: number;
  readonly bytes: number;
  /** Pictures in which codes are looked for: each takes some milliseconds. */
  readonly pictures: number;
};

/** What hooks use. */
export const OPEN_LIMITS: OpenLimits = {
  depth: 4,
  files: 300,
  fileBytes: 20_971_520,
  bytes: 67_108_864,
  pictures: 8,
};

/** Bytes between which a picture can hold a code: smaller ones are spacers, larger ones photographs. */
const SMALLEST_PICTURE = 200;
const LARGEST_PICTURE = 3_000_000;

/** Words below which a document with one place to click is a lure's. */
const FEW_WORDS = 40;

/** Characters of a name that are told. */
const TOLD = 80;

/** Services in which people meet by wire: invitations lead there. */
const MEETINGS: ReadonlySet<string> = new Set(
  'zoom.us zoomgov.com microsoft.com live.com google.com webex.com gotomeeting.com goto.com ringcentral.com bluejeans.com'.split(
    ' ',
  ),
);

/** Letters that turn the direction of what follows. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/;

/** What names say, of kinds that are told apart by their bytes. */
const NAMED: readonly (readonly [RegExp, readonly FileKind[]])[] = [
  [/\.pdf$/i, ['pdf']],
  [/\.(?:docx|xlsx|pptx|docm|xlsm)$/i, ['zip', 'ole']],
  [/\.(?:png|jpe?g|gif|bmp|webp|tiff?)$/i, ['png', 'jpeg', 'gif', 'bmp', 'webp', 'tiff']],
];

/** Kinds that no honest file with another kind of name is. */
const POSING: ReadonlySet<FileKind> = new Set([
  'html',
  'svg',
  'program',
  'script',
  'shortcut',
  'disk-image',
  'zip',
  'archive',
]);

/** One search. */
export class Search {
  readonly links: OpenedLink[] = [];
  readonly files: OpenedFile[] = [];
  readonly texts: string[] = [];
  readonly unopened: string[] = [];
  readonly #signals = new Map<string, Signal>();
  readonly #halves: GreyPicture[] = [];
  readonly #recipients: readonly string[];
  readonly #sender: string;
  readonly #password: string | undefined;
  readonly #readCodes: ReadCodes | undefined;
  readonly #limits: OpenLimits;
  #bytes = 0;
  #pictures = 0;

  /** `sender`: organisation of the From; `password`: one that the message gives for a file. */
  constructor(
    known: {
      readonly recipients: readonly string[];
      readonly sender: string;
      readonly password: string | undefined;
    },
    readCodes: ReadCodes | undefined,
    limits: OpenLimits,
  ) {
    this.#recipients = known.recipients;
    this.#sender = known.sender;
    this.#password = known.password;
    this.#readCodes = readCodes;
    this.#limits = limits;
  }

  get signals(): Signal[] {
    return [...this.#signals.values()];
  }

  /** Looks into a file. */
  async lookInto(name: string, bytes: Uint8Array, depth = 0): Promise<void> {
    const { depth: deepest, files, fileBytes, bytes: all } = this.#limits;
    if (this.files.length >= files || depth > deepest || this.#bytes + bytes.length > all) {
      this.#leaveOut(name);
      return;
    }
    this.#bytes += bytes.length;
    const looked = bytes.subarray(0, fileBytes);
    const kind = kindOf(looked, name);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.files.push({ name: name.slice(0, 300), kind, size: bytes.length, sha256 });
    this.#nameSignals(name, kind);
    if (kind === 'zip') await this.#openZip(name, looked, depth);
    else if (kind === 'ole') this.#openCompound(name, looked);
    else if (kind === 'pdf') await this.#openPdf(name, looked);
    else if (kind === 'html' || kind === 'svg') await this.#openPage(name, looked, kind);
    else if (kind === 'calendar') this.#openCalendar(looked);
    else if (kind === 'rtf') this.#openRtf(name, looked);
    else if (kind === 'png' || kind === 'jpeg' || kind === 'gif' || kind === 'bmp' || kind === 'webp')
      await this.#openPicture(looked, kind);
    else if (kind === 'archive') this.#leaveOut(name);
    else if (kind === 'text') this.texts.push(Buffer.from(looked.subarray(0, 20_000)).toString('utf8'));
  }

  /** Pictures that are made of letters, and of two files. Called once, at the end. */
  async lookAcross(texts: readonly string[]): Promise<void> {
    for (const text of texts) {
      const letters = /[\u2580\u2584\u2588]/.test(text) ? lettersAsPicture(text) : null;
      if (letters !== null && (await this.#code(letters, 'it is made of letters'))) break;
    }
    for (const [at, one] of this.#halves.entries())
      for (const other of this.#halves.slice(0, 6)) {
        if (other === one || at >= 6) continue;
        for (const whole of joinedPictures(one, other))
          if (await this.#code(whole, 'it is cut into two pictures')) return;
      }
  }

  #note(code: string, values: Readonly<Record<string, string>>): void {
    if (!this.#signals.has(code)) this.#signals.set(code, { code, values });
  }

  #leaveOut(name: string): void {
    this.unopened.push(name.slice(0, 300));
    this.#note('file-unopened', { name: told(name) });
  }

  #nameSignals(name: string, kind: FileKind): void {
    const values = { name: told(name) };
    const bare = name.slice(name.lastIndexOf('/') + 1);
    if (TURNS.test(bare)) this.#note('file-name-turned', values);
    if (kind === 'program' || kind === 'script' || isRun(bare)) this.#note('file-program', values);
    if (kind === 'shortcut') this.#note('file-shortcut', values);
    if (kind === 'disk-image') this.#note('file-disk-image', values);
    if (kind === 'notebook') this.#note('file-notebook', values);
    const stated = NAMED.find(([end]) => end.test(bare));
    if (stated !== undefined && !stated[1].includes(kind) && POSING.has(kind))
      this.#note('file-other-kind', { ...values, kind });
  }

  async #openZip(name: string, bytes: Uint8Array, depth: number): Promise<void> {
    const members = zipMembers(bytes);
    if (members === null) {
      this.#leaveOut(name);
      return;
    }
    if (isOffice(members)) {
      const { macro, fetched, links, text, runsCommand } = lookThroughOffice(bytes, members);
      if (macro !== null)
        this.#note(macro === 'runs' ? 'file-macro-runs' : 'file-macro', { name: told(name) });
      if (runsCommand) this.#note('file-runs-command', { name: told(name) });
      for (const address of fetched) {
        const found = foundIn(address, '', 'attachment', false)[0];
        this.#note('file-loads-remote', { name: told(name), host: found?.link.host || told(address) });
        if (found !== undefined) this.links.push(found.link);
      }
      if (text.trim() !== '') this.texts.push(text);
      this.#documentLinks(name, links, text);
      return;
    }
    const locked = members.filter(({ isLocked }) => isLocked);
    if (locked.length > 0) this.#locked(name);
    for (const member of members) {
      const inside = `${name}/${member.name}`;
      if (member.name.endsWith('/')) continue;
      const left = Math.min(this.#limits.fileBytes, this.#limits.bytes - this.#bytes);
      const content = member.isLocked ? null : unpacked(bytes, member, left);
      if (content !== null && member.size <= left) await this.lookInto(inside, content, depth + 1);
      else {
        this.#nameSignals(inside, isRun(member.name) ? 'script' : kindOf(Uint8Array.of(0), member.name));
        if (!member.isLocked) this.#leaveOut(inside);
      }
    }
  }

  #locked(name: string): void {
    this.#note(this.#password === undefined ? 'file-locked' : 'file-locked-password', { name: told(name) });
  }

  #openCompound(name: string, bytes: Uint8Array): void {
    const macro = macrosOf(bytes);
    if (macro !== null) this.#note(macro === 'runs' ? 'file-macro-runs' : 'file-macro', { name: told(name) });
    const names = new Set(new CompoundFile(bytes).entries.map((entry) => entry.name));
    if (names.has('EncryptedPackage')) this.#locked(name);
  }

  async #openPdf(name: string, bytes: Uint8Array): Promise<void> {
    const { links, text, pictures, runs, isLocked, isCut } = lookThroughPdf(bytes);
    if (runs === 'command') this.#note('file-runs-command', { name: told(name) });
    if (runs === 'script') this.#note('file-runs-script', { name: told(name) });
    if (isLocked && this.#password !== undefined) this.#note('file-locked-password', { name: told(name) });
    if (isCut) this.#leaveOut(name);
    if (text !== '') this.texts.push(text);
    this.#documentLinks(name, links, text);
    for (const picture of pictures)
      await this.#openPicture('jpeg' in picture ? picture.jpeg : greyOf(picture), 'jpeg');
  }

  #documentLinks(name: string, addresses: readonly string[], text: string): void {
    const found = addresses.flatMap((address) => foundIn(address, '', 'attachment', false));
    for (const one of found) {
      this.links.push(one.link);
      for (const signal of signalsOf(one, this.#recipients, this.#sender))
        this.#note(signal.code, signal.values ?? {});
    }
    const away = found.find(({ link }) => link.host !== '' && link.organisation !== this.#sender);
    if (away === undefined) return;
    const { host } = away.link;
    const places = new Set(found.map(({ link }) => link.host)).size;
    const words = text.match(/\p{L}{2,}/gu)?.length ?? 0;
    if (places === 1 && words < FEW_WORDS) this.#note('file-link-only', { name: told(name), host });
    else this.#note('file-link-elsewhere', { name: told(name), host });
  }

  async #openPage(name: string, bytes: Uint8Array, kind: 'html' | 'svg'): Promise<void> {
    const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
    const html = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 2_097_152)).toString(
      isWide ? 'utf16le' : 'utf8',
    );
    const view = viewHtml(html);
    const scripts = scriptsOf(view);
    if (scripts === 'builds-file' && kind === 'html') this.#note('file-builds-file', { name: told(name) });
    else if (scripts !== null)
      this.#note(kind === 'svg' ? 'file-picture-runs' : 'file-runs-script', { name: told(name) });
    const links = linksOf({ text: '', to: [], cc: [] }, view, this.#sender).links.map((link) => ({
      ...link,
      from: 'attachment' as const,
    }));
    this.links.push(...links);
    const form = view.forms.find(({ fields }) => fields.includes('password'));
    if (form !== undefined) {
      const host = foundIn(form.action, '', 'form', false)[0]?.link.host || 'somewhere else';
      this.#note('file-asks-password', { name: told(name), host });
    }
    if (view.text.trim() !== '') this.texts.push(view.text.slice(0, 20_000));
    const drawing = kind === 'svg' ? svgAsPicture(html) : null;
    if (drawing !== null) await this.#code(drawing, null);
  }

  #openCalendar(bytes: Uint8Array): void {
    const text = calendarText(bytes);
    this.texts.push(text);
    for (const [address] of text.matchAll(/\bhttps?:\/\/[^\s<>"'\\]{3,2000}/gi)) {
      const found = foundIn(address.replace(/[).,;]+$/, ''), '', 'calendar', false)[0];
      if (found === undefined) continue;
      this.links.push(found.link);
      const { host, organisation } = found.link;
      if (organisation !== this.#sender && !MEETINGS.has(organisation)) this.#note('calendar-link', { host });
    }
  }

  /** Objects in it are run by old programs; what is linked is fetched. */
  #openRtf(name: string, bytes: Uint8Array): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4_194_304)).toString(
      'latin1',
    );
    const remote = /\\\*\\template\s{0,5}(https?:\/\/[^\s{}\\]{3,500})/i.exec(text)?.[1];
    if (remote !== undefined)
      this.#note('file-loads-remote', {
        name: told(name),
        host: foundIn(remote, '', 'attachment', false)[0]?.link.host ?? '',
      });
    if (/\\obj(?:update|autlink)\b/i.test(text)) this.#note('file-runs-command', { name: told(name) });
    else if (/\\objdata\b/i.test(text)) this.#note('file-macro', { name: told(name) });
  }

  async #openPicture(picture: Uint8Array | GreyPicture, kind: FileKind): Promise<void> {
    const size = picture instanceof Uint8Array ? picture.length : picture.grey.length;
    if (this.#readCodes === undefined || size < SMALLEST_PICTURE || size > LARGEST_PICTURE) return;
    const png = kind === 'png' && picture instanceof Uint8Array ? readPng(picture) : null;
    if (!(await this.#code(png ?? picture, null)) && png !== null && this.#halves.length < 6)
      this.#halves.push(png);
  }

  /** Whether there was a code. `hidden`: how it was hidden; null: it was not. */
  async #code(picture: Uint8Array | GreyPicture, hidden: string | null): Promise<boolean> {
    if (this.#readCodes === undefined || this.#pictures >= this.#limits.pictures) return false;
    this.#pictures++;
    const codes = await this.#readCodes(picture);
    for (const code of codes) {
      const found = foundIn(code.slice(0, 4_000), '', 'qr', false)[0];
      if (found === undefined || found.link.host === '') continue;
      this.links.push(found.link);
      for (const signal of signalsOf(found, this.#recipients, this.#sender))
        this.#note(signal.code, signal.values ?? {});
      if (organisationOf(found.link.host) !== this.#sender)
        this.#note('code-link', { host: found.link.host });
      if (hidden !== null) this.#note('code-hidden', { how: hidden });
    }
    return codes.length > 0;
  }
}

/** Green is enough to tell dark from light. */
function greyOf({
  width,
  height,
  channels,
  pixels,
}: {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}): GreyPicture {
  if (channels === 1) return { width, height, grey: pixels };
  return { width, height, grey: Uint8Array.from({ length: width * height }, (_, at) => pixels[at * 3 + 1]!) };
}

function told(name: string): string {
  return (
    name.replaceAll(/[\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '').slice(-TOLD) ||
    'without a name'
  );
}
