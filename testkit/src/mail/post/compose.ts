/** A planned message as bytes: MIME structure, fields, trace, signatures (RFC 5322, 5321 4.4, 2045). */
import type { Draw } from '../draw.ts';
import { escapeHtml, letterHtml, letterText } from '../letter/render.ts';
import type { Handler, MailPlan, Party } from '../plan.ts';
import { GATEWAY } from '../world/world.ts';
import { headerDate, quotedDate } from './clock.ts';
import {
  type Charset,
  type Entity,
  enclosedMessage,
  encodedWord,
  entityBytes,
  fileEntity,
  foldedField,
  multipart,
  type TransferEncoding,
  textEntity,
} from './entity.ts';
import { mailerFields } from './identifiers.ts';
import { sealMail, signMail } from './sign.ts';

/** A message on its way into an office. */
export type PostedMail = {
  readonly bytes: Buffer;
  readonly envelopeFrom: string;
  readonly client: string;
  readonly helo: string;
  readonly rcpt: string;
};

/** Colours that letters are held in. */
const ACCENTS = ['#0f6cbd', '#1a4480', '#7a1f2b', '#2e6b3a', '#5b2a86', '#b45309', '#005ea2', '#333333'];

/** Makes the bytes of a message and what its envelope says. */
export async function composeMail(plan: MailPlan, draw: Draw): Promise<PostedMail> {
  const { route, office, at } = plan;
  const envelopeFrom = route.handledBy?.listId
    ? `bounces@${route.handledBy.domain.name}`
    : (route.envelopeFrom ?? plan.from.address);
  const client = route.client ?? (route.handledBy?.domain ?? route.domain).client;
  const helo = route.helo ?? (route.handledBy?.domain ?? route.domain).helo;
  const rcpt = (plan.to[0] as Party).address;
  let bytes = await throughAuthor(plan, draw);
  if (route.handledBy !== undefined) bytes = await throughHandler(bytes, plan, route.handledBy);
  if (route.prepended !== undefined) {
    bytes = Buffer.concat([
      Buffer.from(route.prepended.map(([name, value]) => foldedField(name, value)).join('')),
      bytes,
    ]);
  }
  if (!office.isBehindGateway) return { bytes, envelopeFrom, client, helo, rcpt };
  const id = draw.letters(12, '0123456789ABCDEF');
  const trace = `from ${helo} (${helo} [${client}]) by ${GATEWAY.name} (Postfix) with ESMTPS id ${id} for <${rcpt}>; ${headerDate(at)}`;
  bytes = Buffer.concat([Buffer.from(foldedField('Received', trace)), bytes]);
  return { bytes, envelopeFrom, client: GATEWAY.client, helo: GATEWAY.name, rcpt };
}

async function throughAuthor(plan: MailPlan, draw: Draw): Promise<Buffer> {
  const { route, at } = plan;
  const sentAt = at - draw.random.integer(2_000, 40_000);
  const content = contentOf(plan, draw);
  const fields: (readonly [string, string])[] = [
    ['From', party(plan.from)],
    ['To', plan.to.map(party).join(', ')],
    ...(plan.cc === undefined || plan.cc.length === 0
      ? []
      : ([['Cc', plan.cc.map(party).join(', ')]] as const)),
    ...(plan.replyTo === undefined ? [] : ([['Reply-To', party(plan.replyTo)]] as const)),
    ['Subject', encodedWord(plan.subject)],
    ['Date', headerDate(sentAt)],
    ['Message-ID', `<${plan.messageId}>`],
    ...(plan.inReplyTo === undefined ? [] : ([['In-Reply-To', `<${plan.inReplyTo}>`]] as const)),
    ...(plan.references === undefined
      ? []
      : ([['References', plan.references.map((one) => `<${one}>`).join(' ')]] as const)),
    ...mailerFields(draw, route.mailer, plan.subject, route.domain.name),
    ...(plan.headers ?? []),
    ['MIME-Version', '1.0'],
  ];
  const whole = entityBytes({ headers: [...fields, ...content.headers], body: content.body });
  const signed = route.signs ? await signMail(whole, route.domain, sentAt) : whole;
  return Buffer.concat([Buffer.from(traceOf(plan, draw, sentAt)), signed]);
}

function traceOf({ route, from }: MailPlan, draw: Draw, sentAt: number): string {
  const { domain, mailer } = route;
  const id = draw.letters(14, '0123456789abcdefghijklmnopqrstuvwxyz');
  if (mailer === 'm365') {
    const server = `DM${draw.random.integer(3, 8)}PR09MB${draw.random.integer(1000, 9999)}.namprd09.prod.outlook.com`;
    const here = `2603:10b6:${draw.random.integer(3, 9)}:${draw.letters(2, '123456789abcdef')}::${draw.random.integer(1, 30)}`;
    return foldedField(
      'Received',
      `from ${server} (${here}) by ${server} (${here}) with Microsoft SMTP Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.${draw.random.integer(9100, 9400)}.${draw.random.integer(10, 30)}; ${headerDate(sentAt)}`,
    );
  }
  if (mailer === 'gmail') {
    return foldedField(
      'Received',
      `by 2002:a05:6808:${draw.letters(4, '0123456789abcdef')}:b0:${draw.letters(3, '0123456789abcdef')} with SMTP id ${id}; ${headerDate(sentAt)}`,
    );
  }
  const inside =
    mailer === 'copier'
      ? '192.168.10.45'
      : `10.${draw.random.below(255)}.${draw.random.below(255)}.${draw.random.integer(2, 250)}`;
  const sender = mailer === 'php' || mailer === 'bulk' ? 'localhost' : `host-${draw.letters(5)}`;
  return foldedField(
    'Received',
    `from ${sender} (${mailer === 'php' ? 'localhost [127.0.0.1]' : `unknown [${inside}]`}) by ${domain.helo} (Postfix) with ESMTPSA id ${id} (envelope-from <${from.address}>); ${headerDate(sentAt)}`,
  );
}

async function throughHandler(authored: Buffer, plan: MailPlan, handler: Handler): Promise<Buffer> {
  const at = plan.at - 1_000;
  const { domain, listId, footer } = handler;
  let bytes = authored;
  if (listId !== null) {
    const name = listId.split('.')[0] as string;
    const list = [
      ['List-Id', `<${listId}>`],
      ['List-Post', `<mailto:${name}@${domain.name}>`],
      ['List-Unsubscribe', `<mailto:${name}-leave@${domain.name}>`],
      ['Precedence', 'list'],
    ] as const;
    const head = Buffer.from(list.map(([field, value]) => foldedField(field, value)).join(''));
    bytes = Buffer.concat([head, withFooter(bytes, footer)]);
  }
  if (handler.seal !== null) {
    // A sealer says what it likes: an attacker's says that the forged domain proved itself.
    const author = plan.from.address.split('@')[1] as string;
    const isSaid = plan.route.signs || plan.role === 'attack';
    const results = `${domain.name}; dkim=${isSaid ? 'pass' : 'none'} header.d=${author}; spf=pass smtp.mailfrom=${plan.from.address}; dmarc=pass header.from=${author}`;
    bytes = await sealMail(bytes, domain, handler.seal, at, results);
  }
  const trace = `from ${plan.route.domain.helo} (${plan.route.domain.helo} [${plan.route.domain.client}]) by ${domain.helo} with ESMTPS id ${plan.messageId.slice(0, 10)}; ${headerDate(at)}`;
  const signed = listId === null ? bytes : await signMail(bytes, domain, at);
  return Buffer.concat([Buffer.from(foldedField('Received', trace)), signed]);
}

/** A list's footer: below a plain message; above the last boundary of the text of any other. */
function withFooter(bytes: Buffer, footer: string): Buffer {
  if (footer === '') return bytes;
  const text = bytes.toString('latin1');
  const added = `\r\n_______________________________________________\r\n${footer.replace(/\n/g, '\r\n')}\r\n`;
  const boundary = /boundary="([^"]+)"/.exec(text)?.[1];
  const end = boundary === undefined ? text.length : text.lastIndexOf(`--${boundary}--`);
  const part =
    boundary === undefined
      ? added
      : `--${boundary}\r\nContent-Type: text/plain; charset="us-ascii"\r\n${added}`;
  return Buffer.from(text.slice(0, end) + part + text.slice(end), 'latin1');
}

function contentOf(plan: MailPlan, draw: Draw): Entity {
  const wanted = {
    charset: draw.any<Charset>(['utf-8', 'utf-8', 'utf-8', 'us-ascii', 'iso-8859-1', 'windows-1252']),
    encoding: draw.any<TransferEncoding>(['7bit', 'quoted-printable', 'quoted-printable', 'base64']),
  };
  const picture = plan.files?.find(({ contentId }) => contentId !== undefined)?.contentId;
  const quotedText = (plan.quoted ?? []).map((one) => quoteText(one, plan.style)).join('\n\n');
  const quotedHtml = (plan.quoted ?? []).map((one) => quoteHtml(one, plan.style)).join('\n');
  const plain = `${letterText(plan.body)}${quotedText === '' ? '' : `\n\n${quotedText}`}\n`;
  const looks = {
    accent: draw.any(ACCENTS),
    ...(picture === undefined ? {} : { picture }),
    ...(plan.hidden === undefined ? {} : { hidden: plan.hidden }),
  };
  const html = plan.html ?? withQuote(letterHtml(plan.body, plan.style, looks), quotedHtml);
  const texts = [
    ...(plan.has === 'html' ? [] : [textEntity(plain, 'plain', wanted)]),
    ...(plan.has === 'plain' ? [] : [textEntity(html, 'html', { ...wanted, charset: 'utf-8' })]),
  ];
  const inline = (plan.files ?? []).filter(({ contentId }) => contentId !== undefined);
  const beside = (plan.files ?? []).filter(({ contentId }) => contentId === undefined);
  const shown = multipart(
    'related',
    [multipart('alternative', texts, draw), ...inline.map(fileEntity)],
    draw,
  );
  const enclosed = plan.encloses === undefined ? [] : [enclosedMessage(plan.encloses)];
  return multipart('mixed', [shown, ...enclosed, ...beside.map(fileEntity)], draw);
}

function quoteText(
  { from, to, at, subject, body }: NonNullable<MailPlan['quoted']>[number],
  style: MailPlan['style'],
): string {
  const text = letterText(body);
  if (style === 'outlook') {
    return `________________________________\nFrom: ${from.name} <${from.address}>\nSent: ${quotedDate(at)}\nTo: ${to.name} <${to.address}>\nSubject: ${subject}\n\n${text}`;
  }
  return `On ${quotedDate(at)}, ${from.name} <${from.address}> wrote:\n${text.replace(/^/gm, '> ')}`;
}

function quoteHtml(
  { from, to, at, subject, body }: NonNullable<MailPlan['quoted']>[number],
  style: MailPlan['style'],
): string {
  const text = escapeHtml(letterText(body)).replaceAll('\n', '<br>\n');
  if (style === 'outlook') {
    return `<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal"><b>From:</b> ${escapeHtml(from.name)} &lt;${from.address}&gt;<br><b>Sent:</b> ${quotedDate(at)}<br><b>To:</b> ${escapeHtml(to.name)} &lt;${to.address}&gt;<br><b>Subject:</b> ${escapeHtml(subject)}</p></div><p class="MsoNormal">${text}</p>`;
  }
  return `<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On ${quotedDate(at)}, ${escapeHtml(from.name)} &lt;<a href="mailto:${from.address}">${from.address}</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">${text}</blockquote></div>`;
}

function withQuote(html: string, quote: string): string {
  if (quote === '') return html;
  const end = html.lastIndexOf('</body>');
  return end < 0 ? html + quote : html.slice(0, end) + quote + html.slice(end);
}

function party({ name, address }: Party): string {
  if (name === '') return address;
  if (!/^[\x20-\x7e]*$/.test(name)) return `${encodedWord(name)} <${address}>`;
  return /^[A-Za-z0-9 ]*$/.test(name)
    ? `${name} <${address}>`
    : `"${name.replace(/["\\]/g, '\\$&')}" <${address}>`;
}
