import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMessage } from './read-message.ts';
import { viewHtml } from './view-html.ts';

const RSPAMD = new URL('../../../../testdata/mail/rspamd/', import.meta.url).pathname;

describe('a page', () => {
  it('is read as a reader sees it', () => {
    const view = viewHtml(
      `<html><head><title>T</title><style>p{}</style></head><body><p>Dear <b>clerk</b>,</p>
       <a href=" https://x.example/a?b=1&amp;c=2 ">Read <i>it</i></a><br>Bye<script>run()</script>
       <img src="cid:1" alt="seal" width="10px"><a href=mailto:a@b><img src=x.png></a></body></html>`,
    );

    expect(view.text).toBe('Dear clerk,\nRead it\nBye');
    expect(view.hiddenText).toBe('');
    expect(view.links).toEqual([
      { href: 'https://x.example/a?b=1&c=2', text: 'Read it', of: 'a', hasImage: false },
      { href: 'mailto:a@b', text: '', of: 'a', hasImage: true },
    ]);
    expect(view.images).toEqual([
      { src: 'cid:1', alt: 'seal', width: 10, height: null },
      { src: 'x.png', alt: '', width: null, height: null },
    ]);
    expect(view.scripts).toEqual(['run()']);
    expect(view.skeleton.slice(0, 3)).toEqual(['html', 'head', 'title']);
  });

  it('shows where forms, refreshes, frames and buttons lead', () => {
    const view = viewHtml(
      `<meta http-equiv="Refresh" content="0; url='https://m.example/'"><base href="https://b.example/">
       <form action="https://f.example/go" method=POST><input type=PASSWORD><input name=a><button formaction=//g.example>ok</button></form>
       <iframe src="https://i.example"></iframe><svg><a xlink:href="https://s.example"><text>here</text></a></svg><area href="#x"><p onclick="go()">`,
    );

    expect(view.links.map(({ of, href }) => `${of} ${href}`)).toEqual([
      'meta https://m.example/',
      'base https://b.example/',
      'form https://f.example/go',
      'button //g.example',
      'iframe https://i.example',
      'a https://s.example',
      'area #x',
    ]);
    expect(view.forms).toEqual([
      { action: 'https://f.example/go', method: 'post', fields: ['password', 'text'] },
    ]);
    expect(view.scripts).toEqual(['go()']);
  });

  it.each([
    ['display', '<div style="color:red; DISPLAY : none">x</div>'],
    ['a size', '<span style="font-size:0px">x</span>'],
    ['a small size', '<span style="font-size:1px">x</span>'],
    ['its attribute', '<p hidden>x</p>'],
    ['the colour of the ground', '<td bgcolor="#123456"><font color="#123456">x</font></td>'],
    ['white on the page', '<span style="color:#FFF">x</span>'],
    ['a colour as numbers', '<div style="background:rgb(1, 2, 3)"><b style="color:rgb(1,2,3)">x</b></div>'],
    ['a box without height', '<div style="max-height:0;overflow:hidden">x</div>'],
    ['a place off the page', '<div style="position:absolute;left:-9999px">x</div>'],
    ['what it stands in', '<div style="opacity:0"><p><b>x</b></p></div>'],
    ['an office program', '<div style="mso-hide:all">x</div>'],
  ])('hides words by %s', (_, html) => {
    expect(viewHtml(`${html}<p>seen</p>`)).toMatchObject({ text: 'seen', hiddenText: 'x' });
  });

  it.each([
    ['white on a dark ground', '<td bgcolor="#000000"><font color="white">x</font></td>'],
    ['half seen through', '<p style="opacity:0.5">x</p>'],
    ['in a full-width box', '<div style="width:100%;overflow:hidden">x</div>'],
    ['a size of one em', '<p style="font-size:1em">x</p>'],
  ])('shows words %s', (_, html) => {
    expect(viewHtml(html)).toMatchObject({ text: 'x', hiddenText: '' });
  });

  it('is looked at to the limits, however deep or long', () => {
    expect(viewHtml(`${'<b>'.repeat(100_000)}x`)).toMatchObject({ isCut: true });
    expect(viewHtml('<a href=x>'.repeat(10_000)).links.length).toBe(2_000);
    expect(viewHtml(`<a href="data:${'x'.repeat(1e6)}">`).links[0]!.href.length).toBe(8_192);
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        (html) => viewHtml(html).text.length <= html.length * 2,
      ),
    );
  });

  it('of a real message that hides words tells them apart', () => {
    const names = readdirSync(RSPAMD).filter((name) => /zero-?font/i.test(name));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const { html } = readMessage(readFileSync(RSPAMD + name)).okOrThrow();
      expect([name, viewHtml(html).hiddenText.length > 0]).toEqual([name, !name.includes('negative')]);
    }
  });
});
