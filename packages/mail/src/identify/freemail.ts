/**
 * Mail providers where anybody makes an address within minutes: the largest of the world, by their public names. An address there says
 * nothing of an office or a firm; small offices have some of their own, which stand on their list.
 */

/** Their domains. */
const PROVIDERS: ReadonlySet<string> = new Set(
  `gmail.com googlemail.com outlook.com outlook.es outlook.fr outlook.de outlook.com.br hotmail.com hotmail.co.uk hotmail.fr
   hotmail.de hotmail.es hotmail.it live.com live.co.uk live.fr live.nl msn.com windowslive.com passport.com yahoo.com ymail.com
   rocketmail.com myyahoo.com yahoo.co.uk yahoo.co.in yahoo.in yahoo.fr yahoo.de yahoo.es yahoo.it yahoo.ca yahoo.com.br
   yahoo.com.mx yahoo.com.ar yahoo.com.au yahoo.co.jp yahoo.com.ph yahoo.com.vn aol.com aim.com love.com games.com wow.com
   verizon.net att.net sbcglobal.net bellsouth.net swbell.net ameritech.net pacbell.net prodigy.net comcast.net xfinity.com
   charter.net spectrum.net cox.net earthlink.net mindspring.com centurylink.net centurytel.net embarqmail.com q.com
   windstream.net frontier.com frontiernet.net mediacombb.net socket.net suddenlink.net optonline.net juno.com netzero.net
   netzero.com roadrunner.com rr.com icloud.com me.com mac.com privaterelay.appleid.com proton.me protonmail.com protonmail.ch
   pm.me tutanota.com tutanota.de tutamail.com tuta.io tuta.com keemail.me mailfence.com startmail.com hushmail.com hush.com
   countermail.com riseup.net disroot.org posteo.de posteo.net mailbox.org runbox.com fastmail.com fastmail.fm fastmail.net
   hey.com duck.com zoho.com zohomail.com zohomail.eu gmx.com gmx.net gmx.de gmx.at gmx.ch gmx.us web.de freenet.de t-online.de
   mail.com email.com usa.com post.com europe.com consultant.com engineer.com writeme.com iname.com myself.com techie.com
   execs.com accountant.com lawyer.com mail.ru bk.ru inbox.ru list.ru internet.ru yandex.ru yandex.com ya.ru rambler.ru
   ukr.net i.ua seznam.cz email.cz centrum.cz wp.pl o2.pl onet.pl op.pl interia.pl poczta.fm abv.bg mail.bg inbox.lv
   libero.it virgilio.it tiscali.it alice.it tin.it orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr
   btinternet.com talktalk.net sky.com ntlworld.com virginmedia.com telenet.be skynet.be ziggo.nl kpnmail.nl bluewin.ch
   uol.com.br bol.com.br terra.com.br ig.com.br rediffmail.com sify.com qq.com foxmail.com 163.com 126.com yeah.net sina.com
   sina.cn sohu.com aliyun.com naver.com hanmail.net daum.net nate.com rogers.com shaw.ca sympatico.ca telus.net videotron.ca
   bigpond.com optusnet.com.au xtra.co.nz walla.com walla.co.il lycos.com excite.com inbox.com hotmail.com.br
   guerrillamail.com mailinator.com yopmail.com 10minutemail.com temp-mail.org tempmail.com trashmail.com sharklasers.com
   mail.tm dispostable.com getnada.com maildrop.cc cock.li airmail.cc onionmail.org simplelogin.com anonaddy.com`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

/** Whether a domain, or one above it, belongs to such a provider. */
export function isFreemail(domain: string): boolean {
  for (let name = domain; name !== ''; ) {
    if (PROVIDERS.has(name)) return true;
    const dot = name.indexOf('.');
    if (dot === -1) return false;
    name = name.slice(dot + 1);
  }
  return false;
}
