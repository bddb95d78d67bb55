/** Making elements of plain text: nothing that is read from a file ever becomes markup. */

/** Attributes: true is an empty one, false none. */
type Attributes = Readonly<Record<string, string | boolean>>;

/** Makes an element. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children);
  return made;
}

/** A small picture: one path each. */
export function picture(box: string, ...paths: readonly string[]): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', box);
  svg.setAttribute('aria-hidden', 'true');
  for (const d of paths) {
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}

/** A list of sentences. */
export function sentences(lines: readonly string[]): HTMLUListElement {
  return element('ul', {}, ...lines.map((line) => element('li', {}, line)));
}

/** A field with its label and a sentence of help. */
export function field(label: string, help: string, input: HTMLElement): HTMLElement {
  const helpId = `${input.id}-help`;
  input.setAttribute('aria-describedby', helpId);
  const name = element('label', { for: input.id }, label);
  const about = element('p', { id: helpId, class: 'soft' }, help);
  return element('div', { class: 'field' }, name, about, input);
}

/** A choice of files: its label is the button, as what browsers show is in their own language and forgets what was chosen. */
export function fileField(label: string, help: string, input: HTMLInputElement): HTMLElement {
  const helpId = `${input.id}-help`;
  input.setAttribute('aria-describedby', helpId);
  const about = element('p', { id: helpId, class: 'soft' }, help);
  const button = element('label', { for: input.id, class: 'button' }, label);
  return element('div', { class: 'field field--file' }, about, input, button);
}
