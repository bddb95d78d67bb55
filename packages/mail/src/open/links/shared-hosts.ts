/**
 * Hosts where anybody makes a page within minutes, and hosts that only lead on. What stands there says nothing of its owner, so pages are
 * told apart by their path, and such a link weighs in a message that asks for something. Names of services, as their own
 * documents give them; nobody here is accused of anything.
 */
import { organisationOf } from '../../identify/organisation.ts';

/** Pages, forms, files and tunnels for everybody: below these names, or at them. */
const PAGES: ReadonlySet<string> = new Set(
  `web.app firebaseapp.com pages.dev workers.dev r2.dev netlify.app vercel.app herokuapp.com onrender.com glitch.me
   github.io gitlab.io surge.sh replit.app repl.co fly.dev deno.dev railway.app azurewebsites.net blob.core.windows.net
   web.core.windows.net azureedge.net azurefd.net cloudfront.net amplifyapp.com appspot.com run.app weebly.com weeblysite.com wixsite.com
   wixstudio.io square.site myshopify.com wordpress.com blogspot.com webflow.io strikingly.com jimdosite.com godaddysites.com
   site123.me yolasite.com tumblr.com notion.site notion.so gitbook.io mystrikingly.com carrd.co framer.app framer.website
   typeform.com jotform.com formstack.com surveymonkey.com cognitoforms.com forms.gle forms.office.com
   sites.google.com docs.google.com drive.google.com storage.googleapis.com script.google.com dropbox.com dropboxusercontent.com
   box.com onedrive.live.com 1drv.ms sharepoint.com wetransfer.com we.tl mega.nz mediafire.com file.io sendspace.com
   ngrok.io ngrok.app ngrok-free.app trycloudflare.com loca.lt ipfs.io dweb.link cloudflare-ipfs.com
   canva.com canva.site figma.com adobe.com express.adobe.com padlet.com evernote.com clickup.com linktr.ee bio.link
   digitaloceanspaces.com ondigitalocean.app linodeobjects.com backblazeb2.com wasabisys.com oraclecloud.com r2.cloudflarestorage.com
   contabostorage.com vultrobjects.com scw.cloud myqcloud.com aliyuncs.com codesandbox.io stackblitz.io bubbleapps.io start.page
   s3.amazonaws.com duckdns.org hopto.org ddns.net sytes.net zapto.org`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

/** Short addresses that lead elsewhere. */
const SHORTENERS: ReadonlySet<string> = new Set(
  `bit.ly bitly.com tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly shorturl.at rb.gy t.ly tiny.cc
   s.id qrco.de qr.codes q-r.to me-qr.com l.ead.me lnkd.in aka.ms youtu.be fb.me dlvr.it trib.al soo.gd clck.ru u.to
   shorte.st adf.ly bl.ink short.io urlz.fr ln.run tr.ee`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

/** Whether many unrelated people have pages at a host. */
export function isSharedHost(host: string): boolean {
  return isBelow(host, PAGES) || isShortener(host);
}

/** Whether a host only leads on. */
export function isShortener(host: string): boolean {
  return SHORTENERS.has(host) || SHORTENERS.has(organisationOf(host));
}

function isBelow(host: string, names: ReadonlySet<string>): boolean {
  for (let name = host; name !== ''; ) {
    if (names.has(name)) return true;
    const dot = name.indexOf('.');
    if (dot === -1) return false;
    name = name.slice(dot + 1);
  }
  return false;
}
