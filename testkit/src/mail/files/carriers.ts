/** Files that carry something else: disk images, shortcuts, notebooks, pages and pictures with script. What they carry does no harm. */
import { escapeHtml } from '../letter/render.ts';

/** A disk image (ECMA-119) with one file's bytes in it. */
export function isoFile(name: string, content: Buffer): Buffer {
  const image = Buffer.alloc(24 * 2048);
  image.write('\x01CD001\x01', 16 * 2048, 'latin1');
  image.write('DOCUMENTS'.padEnd(32), 16 * 2048 + 40, 'latin1');
  image.writeUInt32LE(24, 16 * 2048 + 80);
  image.write('\xffCD001\x01', 17 * 2048, 'latin1');
  image.write(`\x22\x00\x14${name.toUpperCase()};1`, 20 * 2048, 'latin1');
  content.copy(image, 21 * 2048);
  return image;
}

/** A fixed virtual disk (Virtual Hard Disk Image Format Specification): data, then the footer. */
export function vhdFile(content: Buffer): Buffer {
  const footer = Buffer.alloc(512);
  footer.write('conectix');
  footer.writeUInt32BE(2, 8);
  footer.writeUInt32BE(0x00010000, 12);
  footer.writeUInt32BE(0xffffffff, 16);
  footer.writeUInt32BE(0xffffffff, 20);
  footer.writeUInt32BE(2, 60);
  const data = Buffer.alloc(16 * 512);
  content.copy(data);
  return Buffer.concat([data, footer]);
}

/** A Windows shortcut (MS-SHLLINK) that would run a program with arguments. */
export function shortcutFile(program: string, parameters: string): Buffer {
  const head = Buffer.alloc(76);
  Buffer.from('4c0000000114020000000000c000000000000046', 'hex').copy(head);
  head.writeUInt32LE(0x000000a8, 20);
  head.writeUInt32LE(7, 60);
  const text = (value: string) => {
    const length = Buffer.alloc(2);
    length.writeUInt16LE(value.length);
    return Buffer.concat([length, Buffer.from(value, 'utf16le')]);
  };
  return Buffer.concat([head, text(program), text(parameters), Buffer.alloc(4)]);
}

/** A notebook section (MS-ONESTORE) with an embedded file. */
export function oneNoteFile(content: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeUInt32LE(content.length);
  return Buffer.concat([
    Buffer.from('e4525c7b8cd8a74daeb15378d02996d3', 'hex'),
    Buffer.alloc(1008),
    Buffer.from('e716e3bd65261145a4c48d4d0b7a9eac', 'hex'),
    length,
    Buffer.alloc(12),
    content,
    Buffer.from('22a7fb71790f0b4abb13899256426b24', 'hex'),
  ]);
}

/** A page that puts a file together in the browser. `way` 0 to 2 are three ways of writing the same. */
export function smugglingPage(title: string, fileName: string, content: Buffer, way: number): Buffer {
  const data = content.toString('base64');
  const scripts = [
    `var d=atob("${data}");var a=new Uint8Array(d.length);for(var i=0;i<d.length;i++)a[i]=d.charCodeAt(i);var b=new Blob([a],{type:"application/octet-stream"});var l=document.createElement("a");l.href=URL.createObjectURL(b);l.download="${fileName}";document.body.appendChild(l);l.click();`,
    `const parts="${data.match(/.{1,40}/g)?.join('|') ?? ''}".split("|");fetch("data:application/zip;base64,"+parts.join("")).then(r=>r.blob()).then(f=>{const u=window.URL.createObjectURL(f);const x=Object.assign(document.createElement("a"),{href:u,download:"${fileName}"});x.click();});`,
    `(function(w){var k="${data.split('').reverse().join('')}";var s=k.split("").reverse().join("");var bytes=Uint8Array.from(w["at"+"ob"](s),c=>c.charCodeAt(0));var o=new w.Blob([bytes]);w.location.href=w.URL["create"+"ObjectURL"](o);})(window);`,
  ];
  return Buffer.from(
    `<!DOCTYPE html><html><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head><body><p>Loading ${escapeHtml(title)}, please wait.</p><script>${scripts[way % 3]}</script></body></html>`,
  );
}

/** A page with a form that sends what is typed in to somebody. */
export function formPage(title: string, action: string, mailbox: string): Buffer {
  return Buffer.from(
    `<!DOCTYPE html><html><head><title>${escapeHtml(title)}</title></head><body><h3>${escapeHtml(title)}</h3><form method="post" action="${action}"><input name="user" value="${mailbox}"><input type="password" name="pass"><button>View document</button></form></body></html>`,
  );
}

/** A picture that runs script when it is opened in a browser. */
export function scriptedSvg(url: string, way: number): Buffer {
  const script =
    way % 2 === 0
      ? `<script type="text/javascript"><![CDATA[window.location.href="${url}";]]></script>`
      : `<script>var u=atob("${Buffer.from(url).toString('base64')}");window.location.replace(u);</script>`;
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="400" height="300" fill="#f4f4f4"/><text x="40" y="150">Opening voicemail...</text>${script}</svg>`,
  );
}

/** A picture without script. */
export function plainSvg(words: string): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60"><rect width="200" height="60" rx="8" fill="#1a4480"/><text x="20" y="38" fill="#fff">${escapeHtml(words)}</text></svg>`,
  );
}
