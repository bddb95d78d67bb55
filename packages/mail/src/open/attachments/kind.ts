/** What bytes are, whatever their name says: by the marks that formats begin with. */

/** Kinds that are told apart. */
export type FileKind =
  | 'program'
  | 'shortcut'
  | 'zip'
  | 'ole'
  | 'rtf'
  | 'pdf'
  | 'html'
  | 'svg'
  | 'calendar'
  | 'png'
  | 'jpeg'
  | 'gif'
  | 'bmp'
  | 'webp'
  | 'tiff'
  | 'disk-image'
  | 'notebook'
  | 'archive'
  | 'script'
  | 'text'
  | 'empty'
  | 'unknown';

/** Bytes at a place. */
type Mark = readonly [kind: FileKind, at: number, hex: string];

const MARKS: readonly Mark[] = [
  ['program', 0, '4d5a'],
  ['program', 0, '7f454c46'],
  ['program', 0, 'feedfacf'],
  ['program', 0, 'cffaedfe'],
  ['program', 0, 'cafebabe'],
  ['shortcut', 0, '4c0000000114020000000000c000000000000046'],
  ['zip', 0, '504b0304'],
  ['zip', 0, '504b0506'],
  ['ole', 0, 'd0cf11e0a1b11ae1'],
  ['rtf', 0, '7b5c7274'],
  ['png', 0, '89504e470d0a1a0a'],
  ['jpeg', 0, 'ffd8ff'],
  ['gif', 0, '47494638'],
  ['bmp', 0, '424d'],
  ['webp', 8, '57454250'],
  ['tiff', 0, '49492a00'],
  ['tiff', 0, '4d4d002a'],
  ['notebook', 0, 'e4525c7b8cd8a74daeb15378d02996d3'],
  ['disk-image', 0x8001, '4344303031'],
  ['disk-image', 0, '7668647866696c65'],
  ['archive', 0, '526172211a07'],
  ['archive', 0, '377abcaf271c'],
  ['archive', 0, '1f8b'],
  ['archive', 0, '425a68'],
  ['archive', 0, 'fd377a585a00'],
  ['archive', 0, '28b52ffd'],
  ['archive', 0, '4d534346'],
  ['archive', 0, '60ea'],
  ['archive', 257, '7573746172'],
];

/** Of a text, characters in which its kind is looked for. */
const HEAD = 2_048;

/** The footer of a virtual disk. */
const VHD = 'conectix';

/** Names that end so are run by Windows or macOS, whatever is in them. */
const SCRIPTS =
  /\.(?:exe|com|scr|pif|bat|cmd|ps1|psm1|vbs|vbe|vb|js|jse|wsf|wsh|wsc|hta|msi|msp|msix|appx|appinstaller|cpl|dll|jar|reg|inf|scf|url|website|library-ms|search-ms|searchconnector-ms|settingcontent-ms|theme|themepack|gadget|application|appref-ms|chm|msc|xll|iqy|slk|wll|command|pkg|dmg|app|workflow|desktop|sh|apk)$/i;

/** Whether a system would run a file of such a name. */
export function isRun(name: string): boolean {
  return SCRIPTS.test(name.trimEnd().replace(/\.+$/, ''));
}

/** What it is. */
export function kindOf(bytes: Uint8Array, name: string): FileKind {
  if (bytes.length === 0) return 'empty';
  for (const [kind, at, hex] of MARKS) if (isMarked(bytes, at, hex)) return kind;
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (all.length >= 512 && all.toString('latin1', all.length - 512, all.length - 504) === VHD)
    return 'disk-image';
  if (all.subarray(0, 1_024).includes('%PDF-')) return 'pdf';
  const head = all
    .subarray(0, HEAD)
    .toString('latin1')
    .replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .replaceAll('\0', '');
  if (/^\s*BEGIN:VCALENDAR/i.test(head)) return 'calendar';
  if (/<svg[\s>:]/i.test(head) && !/<html[\s>]/i.test(head)) return 'svg';
  if (/<(?:!doctype html|html|head|body|script|meta|form|iframe|table|div|title)[\s>]/i.test(head))
    return 'html';
  if (/\.(?:html?|xhtml|shtml|mht|mhtml)$/i.test(name)) return 'html';
  if (/\.svg$/i.test(name)) return 'svg';
  if (/\.(?:one|onepkg|onetoc2)$/i.test(name)) return 'notebook';
  if (/\.(?:iso|img|vhdx?|udf|vmdk)$/i.test(name)) return 'disk-image';
  if (/\.lnk$/i.test(name)) return 'shortcut';
  if (isRun(name)) return 'script';
  return /^[\t\r\n\x20-\x7e\x80-\xff]*$/.test(head) ? 'text' : 'unknown';
}

function isMarked(bytes: Uint8Array, at: number, hex: string): boolean {
  if (bytes.length < at + hex.length / 2) return false;
  for (let place = 0; place < hex.length; place += 2)
    if (bytes[at + place / 2] !== Number.parseInt(hex.slice(place, place + 2), 16)) return false;
  return true;
}
