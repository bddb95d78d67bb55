/** The certificate of a program that reads blocks, to be copied to its device with that of the CA. */
import type { BouncerCertificateAnswer } from '@bellwether/api';
import { useEffect, useRef } from 'react';
import { Copy } from '../../ui/copy.tsx';
import { Moment } from '../../ui/moment.tsx';
import { KEYS } from './texts.ts';

const words = KEYS.certificate;

/** A certificate on screen. */
export type ShownCertificate = BouncerCertificateAnswer & { readonly name: string };

export function CertificateBox({
  shown: { name, certificate, authority, hub, until },
  onClose,
}: {
  readonly shown: ShownCertificate;
  readonly onClose: () => void;
}) {
  const head = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new one is read from the beginning
  useEffect(() => head.current?.focus(), [certificate]);
  return (
    <div className="new-key">
      <h3 ref={head} tabIndex={-1}>
        {words.title(name)}
      </h3>
      <p>{words.text(hub)}</p>
      <h4>{words.own}</h4>
      <Copy label={KEYS.made.region(words.own)} text={certificate} />
      <h4>{words.authority}</h4>
      <Copy label={KEYS.made.region(words.authority)} text={authority} />
      <p>
        {words.until} <Moment iso={until} />.
      </p>
      <div className="buttons">
        <button type="button" className="usa-button usa-button--outline" onClick={onClose}>
          {words.close}
        </button>
      </div>
    </div>
  );
}
