/**
 * Cross-site scripting and template injection, on a decoded target (see decoding.ts).
 */
import { isBegin, isDigit, isEnd, isLetter, isName, isQuote, nameAt, nameEnd, REACH } from './lexing.ts';

/** Elements of HTML and SVG that a form's visitor never types. */
const ELEMENTS = new Set(
  (
    'script img svg iframe body html head object embed input form meta link style div span table frameset frame a br p ' +
    'video audio source details marquee base math isindex textarea button select title applet bgsound image layer ' +
    'xml xss b i u h1 h2 h3 center font animate set foreignobject template keygen noscript plaintext dialog picture'
  ).split(' '),
);

/** Events that payloads hang scripts on. */
const EVENTS = new Set(
  (
    'onload onerror onclick ondblclick onmouseover onmouseout onmouseenter onmouseleave onmousemove onmousedown ' +
    'onmouseup onfocus onfocusin onblur onkeydown onkeyup onkeypress onsubmit onchange oninput ontoggle onpointerover ' +
    'onpointerenter onpointerdown onanimationstart onanimationend onbegin onend onrepeat onscroll onpageshow onwheel ' +
    'oncopy oncut onpaste ondrag ondrop onresize onstart onfinish onhashchange onmessage ontransitionend onunload ' +
    'onbeforeunload onplay oncanplay onloadstart onauxclick oncontextmenu onsearch onselect onafterprint onpopstate'
  ).split(' '),
);

/** A `<` at `at` that opens or closes an element. */
export function elementAt(text: Uint8Array, at: number, end: number): boolean {
  const slash = text[at + 1] === 47 ? 1 : 0;
  const begin = at + 1 + slash;
  const nameStop = nameEnd(text, begin, end);
  if (!ELEMENTS.has(nameAt(text, begin, nameStop))) return false;
  // a<b at the end of a value is a comparison.
  if (isEnd(text, nameStop, end))
    return nameStop - begin > 1 || slash > 0 || isQuote(text[at - 1]) || isBegin(text, at);
  const next = text[nameStop];
  // An address in angle brackets (<a@b.org>) is no element; a cut payload is one.
  return (
    isEnd(text, nameStop, end) ||
    next === 32 ||
    next === 10 ||
    next === 13 ||
    next === 47 ||
    next === 62 ||
    next === 9
  );
}

/** Server code that an attacker opens with `<`: `<?php`, `<%=`, `<!--#exec`, `<!entity`. */
export function codeAtAngle(text: Uint8Array, at: number, end: number): boolean {
  const next = text[at + 1];
  const name = nameAt(text, at + 2, nameEnd(text, at + 2, end));
  if (next === 63) return name === 'php' || name === 'xml' || text[at + 2] === 61;
  if (next === 37) return true;
  if (next !== 33) return false;
  return name === 'entity' || name === 'doctype' || (text[at + 4] === 35 && isLetter(text[at + 5]));
}

/** A `=` at `at` behind the name of an event: `onerror=`. `from` is where the value may begin. */
export function eventBefore(text: Uint8Array, at: number): boolean {
  let last = at - 1;
  while (last > 0 && text[last] === 32) last--;
  let begin = last;
  while (begin > 0 && last - begin < 20 && isLetter(text[begin - 1])) begin--;
  const before = text[begin - 1];
  const apart =
    isQuote(before) || before === 32 || before === 47 || before === 10 || before === 13 || before === 62;
  return apart && EVENTS.has(nameAt(text, begin, last + 1));
}

/** `alert(` and the like, ending at `at`, with an argument that no sentence has. */
export function dialogCall(text: Uint8Array, at: number, end: number): boolean {
  const byte = text[at];
  if (isEnd(text, at, end) || isDigit(byte) || isQuote(byte) || byte === 41 || byte === 47) return true;
  const argumentEnd = nameEnd(text, at, end);
  const name = nameAt(text, at, argumentEnd);
  return text[argumentEnd] === 46 || name === 'xss' || name === 'document' || name === 'origin';
}

/** A `$` at `at` with a brace: an expression that Log4j, OGNL, SpEL or a template engine would evaluate. */
export function expressionAtDollar(text: Uint8Array, at: number, end: number): boolean {
  if (text[at + 1] !== 123) return false;
  const limit = Math.min(end, at + REACH);
  for (let i = at + 2; i < limit; i++) {
    const byte = text[i]!;
    if (byte === 125) return i > at + 2 && isDigit(text[at + 2]);
    // ${name} and ${a.b} are placeholders that a careless page forgot to fill; anything else is evaluated.
    if (!isName(byte) && byte !== 46 && byte !== 45 && byte !== 91 && byte !== 93)
      return !isEnd(text, i, end);
    if (byte === 64) return true;
  }
  return false;
}

/** Braces at `at`, of Jinja, Twig, Angular, Freemarker, EL: `{{7*7}}`, `{%`, `#{`, `*{`. */
export function templateAtBrace(text: Uint8Array, at: number, end: number): boolean {
  const before = text[at - 1];
  const first = text[at + 1];
  if (first === 37) return true;
  const double = first === 123;
  if (!double && before !== 35 && before !== 42 && before !== 64) return false;
  const limit = Math.min(end, at + REACH);
  const begin = at + (double ? 2 : 1);
  const word = nameAt(text, begin, nameEnd(text, begin, end));
  if (double && (word === 'config' || word === 'self' || word === 'request' || word === 'cycler'))
    return true;
  for (let i = begin; i < limit; i++) {
    const byte = text[i]!;
    if (byte === 125) return false;
    if (byte === 42 || byte === 40 || byte === 43 || isQuote(byte) || byte === 91) return true;
    if (byte === 95 && text[i + 1] === 95) return true;
  }
  return false;
}
