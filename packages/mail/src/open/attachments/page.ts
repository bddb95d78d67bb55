/** Pages and drawings that come as files: what they run, what they ask for, what they put together. */
import type { HtmlView } from '../../read/html-view.ts';

/** What a script does that no page in the mail has to do. */
export type PageFinding = 'builds-file' | 'runs-script' | null;

/** Ways to turn letters into a file, after what is written to hide them is undone. */
const MAKES = /\batob\b|fromcharcode|uint8array|base64,|unescape\(|decodeuricomponent\(|charcodeat/;
const GIVES =
  /createobjecturl|mssaveoropenblob|mssaveblob|\bnew \w*\.?blob\b|\.download\b|download=|document\.write|location\.(?:href|replace|assign)|\bdata:application\//;

/** Letters in a row that are no words: a file as text. */
const LONG_DATA = /[A-Za-z0-9+/=]{400}|(?:\\x[0-9a-f]{2}){80}|(?:%[0-9a-f]{2}){80}|(?:\d{1,3},){150}/i;

/** What its scripts do. */
export function scriptsOf(view: HtmlView): PageFinding {
  if (view.scripts.length === 0) return null;
  const scripts = view.scripts.join('\n');
  const plain = scripts.replaceAll(/["'`]\s*\+\s*["'`]/g, '').toLowerCase();
  const isMade = MAKES.test(plain) || LONG_DATA.test(scripts);
  return isMade && GIVES.test(plain) ? 'builds-file' : 'runs-script';
}
