/** Word documents (ECMA-376, Open Packaging Conventions): plain, with a macro, with links, or with a template from elsewhere. */
import { escapeHtml } from '../letter/render.ts';
import { vbaProject } from './vba.ts';
import { type ZipEntry, zipFile } from './zip.ts';

/** What a document holds besides its paragraphs. */
export type WordContent = {
  readonly paragraphs: readonly string[];
  /** VBA source: makes it a .docm. */
  readonly macro?: string;
  /** A link over the last paragraph. */
  readonly link?: string;
  /** A template that Word fetches when the document is opened. */
  readonly template?: string;
};

const DOCUMENT = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';

/** Media type of .docx. */
export const DOCX_TYPE = DOCUMENT;

/** Media type of .docm. */
export const DOCM_TYPE = 'application/vnd.ms-word.document.macroEnabled.12';

/** The bytes of a document. */
export function wordFile({ paragraphs, macro, link, template }: WordContent): Buffer {
  const main =
    macro === undefined ? `${DOCUMENT}.main+xml` : 'application/vnd.ms-word.document.macroEnabled.main+xml';
  const runs = paragraphs.map((text, place) => {
    const run = `<w:r><w:t xml:space="preserve">${escapeHtml(text)}</w:t></w:r>`;
    const isLinked = link !== undefined && place === paragraphs.length - 1;
    return `<w:p>${isLinked ? `<w:hyperlink r:id="rId9">${run}</w:hyperlink>` : run}</w:p>`;
  });
  const related = [
    relationship('rId1', 'settings', 'settings.xml'),
    ...(link === undefined ? [] : [relationship('rId9', 'hyperlink', link, true)]),
    ...(macro === undefined
      ? []
      : [
          '<Relationship Id="rId2" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/>',
        ]),
  ];
  const entries: ZipEntry[] = [
    xml(
      '[Content_Types].xml',
      `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override PartName="/word/document.xml" ContentType="${main}"/></Types>`,
    ),
    xml('_rels/.rels', relationships([relationship('rId1', 'officeDocument', 'word/document.xml')])),
    xml(
      'word/document.xml',
      `<w:document xmlns:w="${WORD}" xmlns:r="${RELATIONSHIPS}"><w:body>${runs.join('')}</w:body></w:document>`,
    ),
    xml('word/_rels/document.xml.rels', relationships(related)),
    xml(
      'word/settings.xml',
      `<w:settings xmlns:w="${WORD}" xmlns:r="${RELATIONSHIPS}">${template === undefined ? '' : '<w:attachedTemplate r:id="rId1"/>'}</w:settings>`,
    ),
    ...(template === undefined
      ? []
      : [
          xml(
            'word/_rels/settings.xml.rels',
            relationships([relationship('rId1', 'attachedTemplate', template, true)]),
          ),
        ]),
    ...(macro === undefined ? [] : [{ name: 'word/vbaProject.bin', bytes: vbaProject(macro) }]),
  ];
  return zipFile(entries);
}

function relationship(id: string, type: string, target: string, isExternal = false): string {
  return `<Relationship Id="${id}" Type="${RELATIONSHIPS}/${type}" Target="${escapeHtml(target)}"${isExternal ? ' TargetMode="External"' : ''}/>`;
}

function relationships(rows: readonly string[]): string {
  return `<Relationships xmlns="${PACKAGE}/relationships">${rows.join('')}</Relationships>`;
}

function xml(name: string, text: string): ZipEntry {
  return { name, bytes: Buffer.from(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${text}`) };
}
