/**
 * An office document as the PDF that it prints: LibreOffice in the sandbox, with a profile of its own in which macros are off and links are
 * never followed. Without a network there would be nobody to ask, and the profile is gone with the sandbox.
 */
import { INPUT, inSandbox, OUTPUT } from './sandbox.ts';

/** Starting takes two seconds of CPU, and a long document ten. */
const CPU_SECONDS = 25;

/** Where the profile lies in the sandbox. */
const PROFILE = '/tmp/profile';

/** Compound files of old Office; rich text. */
const COMPOUND = 'd0cf11e0a1b11ae1';
const RICH_TEXT = '7b5c727466';

/** The beginning of a ZIP, and names that stand in those of Office (ECMA-376) and of OpenDocument. */
const ZIP = '504b0304';
const NAMES = ['[Content_Types].xml', 'mimetypeapplication/vnd.oasis.opendocument'];

/** Where the name may stand: at the beginning, or in the directory at the end. Bytes. */
const LOOKED_AT = 65_536;

/** What it is, and not what it says that it is. */
export function isOfficeDocument(bytes: Uint8Array): boolean {
  const first = Buffer.from(bytes.subarray(0, 8)).toString('hex');
  if (first === COMPOUND || first.startsWith(RICH_TEXT)) return true;
  if (!first.startsWith(ZIP)) return false;
  const ends = [bytes.subarray(0, LOOKED_AT), bytes.subarray(-LOOKED_AT)].map((end) => Buffer.from(end));
  return NAMES.some((name) => ends.some((end) => end.includes(name)));
}

/** The PDF; a sentence: why there is none. */
export async function printedAsPdf(bytes: Uint8Array): Promise<Uint8Array | string> {
  const printed = await inSandbox(
    'soffice',
    [
      ...['--headless', '--norestore', '--nologo', '--nofirststartwizard', '--nolockcheck'],
      ...[`-env:UserInstallation=file://${PROFILE}`, '--convert-to', 'pdf', '--outdir', OUTPUT, INPUT],
    ],
    bytes,
    { seconds: CPU_SECONDS, settings: { [`${PROFILE}/user/registrymodifications.xcu`]: SETTINGS } },
  );
  if (!printed.ran) return printed.why;
  return printed.files[0] ?? 'LibreOffice cannot read it';
}

/** Macros: the highest level, and not at all. Links: nothing untrusted, and never brought up to date. */
const SETTINGS = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
${[
  ['Office.Common/Security/Scripting', 'MacroSecurityLevel', '3'],
  ['Office.Common/Security/Scripting', 'DisableMacrosExecution', 'true'],
  ['Office.Common/Security/Scripting', 'BlockUntrustedRefererLinks', 'true'],
  ['Office.Writer/Content/Update', 'Link', '0'],
  ['Office.Calc/Content/Update', 'Link', '1'],
]
  .map(
    ([path, name, value]) =>
      `<item oor:path="/org.openoffice.${path}"><prop oor:name="${name}" oor:op="fuse"><value>${value}</value></prop></item>`,
  )
  .join('\n')}
</oor:items>
`;
