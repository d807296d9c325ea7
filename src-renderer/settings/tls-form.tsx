// TLS, from the side the session is on. What weakens it says so where it is switched.
import { TriangleAlert } from 'lucide-react';
import { wantsTls } from '../stores/config-edit.ts';
import { TextField } from '../ui/field.tsx';
import { SwitchField } from '../ui/switch.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import { FileField } from './file-field.tsx';
import { type FormProps, sectionWriter } from './form.ts';
import { WordsField } from './words-field.tsx';

const PEM = ['pem', 'crt', 'cer'];

export function TlsForm(props: FormProps) {
  return props.config.role === 'client' ? <ClientTls {...props} /> : <ServerTls {...props} />;
}

function ClientTls({ id, config }: FormProps) {
  const tls = config.tls ?? {};
  const write = sectionWriter(id, 'tls');
  const scheme = { websocket: 'wss://', grpc: 'grpcs://', tcp: 'tls://', udp: 'tls://' }[config.protocol];
  return (
    <>
      {!wantsTls(config) && (
        <p className="settings-note">
          Not used now: a client speaks TLS when its target begins with <code className="data">{scheme}</code>
        </p>
      )}
      <SwitchField
        label="Verify the peer’s certificate"
        checked={tls.verify ?? true}
        onChange={(verify) => write({ verify: verify ? undefined : false })}
      />
      {tls.verify === false && (
        <p className="settings-warning" role="alert">
          <TriangleAlert size={14} strokeWidth={1.75} aria-hidden />
          Any certificate is accepted: whoever sits between can read and change everything. The lock stays open while
          this is off. To trust a private authority, name its file below instead.
        </p>
      )}
      <FileField
        label="Authorities (CA)"
        extensions={PEM}
        value={tls.ca}
        placeholder="ca.pem"
        hint="Trusted instead of the system’s."
        onChange={(ca) => write({ ca })}
      />
      <TextField
        label="Server name (SNI)"
        control={VariableInput}
        data
        value={tls.serverName}
        placeholder="host of the target"
        hint="Also the name the certificate must have."
        onChange={(serverName) => write({ serverName })}
      />
      <WordsField
        label="ALPN"
        value={tls.alpn}
        placeholder="http/1.1"
        hint="Protocols offered, the preferred first."
        onChange={(alpn) => write({ alpn })}
      />
      <h3 className="settings-heading">Client certificate</h3>
      <CertificateFields id={id} config={config} />
    </>
  );
}

function ServerTls({ id, config }: FormProps) {
  const { tls } = config;
  const write = sectionWriter(id, 'tls');
  return (
    <>
      <SwitchField
        label="Serve over TLS"
        checked={tls !== undefined}
        onChange={(on) =>
          on
            ? write({ selfSigned: true }, true)
            : write(Object.fromEntries(Object.keys(tls ?? {}).map((key) => [key, undefined])))
        }
      />
      {tls && (
        <>
          <SwitchField
            label="Throw-away certificate"
            hint="Made at each start and signed by nobody: clients must be told to accept it."
            checked={tls.selfSigned ?? false}
            onChange={(selfSigned) => write({ selfSigned: selfSigned || undefined }, true)}
          />
          {!tls.selfSigned && <CertificateFields id={id} config={config} />}
          <WordsField
            label="ALPN"
            value={tls.alpn}
            placeholder="http/1.1"
            hint="Protocols supported, the preferred first."
            onChange={(alpn) => write({ alpn }, true)}
          />
          <SwitchField
            label="Ask clients for a certificate"
            checked={tls.requestClientCertificate ?? false}
            onChange={(value) => write({ requestClientCertificate: value || undefined }, true)}
          />
          {tls.requestClientCertificate && (
            <>
              <FileField
                label="Authorities (CA)"
                extensions={PEM}
                value={tls.ca}
                placeholder="ca.pem"
                hint="Whose client certificates are good."
                onChange={(ca) => write({ ca }, true)}
              />
              <SwitchField
                label="Refuse clients without a good certificate"
                checked={tls.verify ?? true}
                onChange={(verify) => write({ verify: verify ? undefined : false }, true)}
              />
            </>
          )}
        </>
      )}
    </>
  );
}

/** PEM certificate and key, or one PKCS#12 file. */
function CertificateFields({ id, config }: FormProps) {
  const tls = config.tls ?? {};
  const write = sectionWriter(id, 'tls');
  const keep = config.role === 'server';
  return (
    <>
      <FileField
        label="Certificate"
        extensions={PEM}
        value={tls.cert}
        placeholder="cert.pem"
        onChange={(cert) => write({ cert }, keep)}
      />
      <FileField
        label="Private key"
        extensions={['pem', 'key']}
        value={tls.key}
        placeholder="key.pem"
        onChange={(key) => write({ key }, keep)}
      />
      <FileField
        label="Or PKCS#12"
        extensions={['p12', 'pfx']}
        value={tls.pkcs12}
        placeholder="identity.p12"
        hint="Certificate and key in one file."
        onChange={(pkcs12) => write({ pkcs12 }, keep)}
      />
      <TextField
        label="Passphrase"
        type="password"
        value={tls.passphrase}
        hint="Kept while the app runs, never written to the session’s file."
        onChange={(passphrase) => write({ passphrase }, keep)}
      />
    </>
  );
}
