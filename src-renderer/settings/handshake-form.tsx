// The WebSocket opening handshake: what the request carries, or what a server offers.
import { TextField } from '../ui/field.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import { type FormProps, sectionWriter } from './form.ts';
import { PairsTable } from './pairs-table.tsx';
import { WordsField } from './words-field.tsx';

export function HandshakeForm({ id, config }: FormProps) {
  const websocket = config.websocket ?? {};
  const write = sectionWriter(id, 'websocket');
  const isServer = config.role === 'server';
  const subprotocols = (
    <WordsField
      label="Subprotocols"
      value={websocket.subprotocols}
      placeholder="chat, v2.chat"
      hint={isServer ? 'Supported, the preferred first.' : 'Offered, the preferred first.'}
      onChange={(value) => write({ subprotocols: value })}
    />
  );
  const headers = (
    <PairsTable
      key={`${id} headers`}
      label={isServer ? 'Headers of the answer' : 'Headers of the request'}
      pairs={websocket.headers}
      namePlaceholder="Add a header"
      onChange={(value) => write({ headers: value })}
    />
  );
  if (isServer) {
    return (
      <>
        {subprotocols}
        {headers}
      </>
    );
  }
  const auth = websocket.basicAuth;
  const writeAuth = (user: string, password: string | undefined) =>
    write({ basicAuth: user || password ? { user, ...(password ? { password } : {}) } : undefined });
  return (
    <>
      {headers}
      {subprotocols}
      <TextField
        label="Origin"
        control={VariableInput}
        data
        value={websocket.origin}
        placeholder="https://example.test"
        onChange={(origin) => write({ origin })}
      />
      <TextField
        label="Basic auth: user"
        control={VariableInput}
        value={auth?.user}
        onChange={(user) => writeAuth(user ?? '', auth?.password)}
      />
      <TextField
        label="Basic auth: password"
        type="password"
        value={auth?.password}
        hint="Kept while the app runs, never written to the session’s file."
        onChange={(password) => writeAuth(auth?.user ?? '', password)}
      />
      <PairsTable
        key={`${id} cookies`}
        label="Cookies"
        pairs={websocket.cookies}
        namePlaceholder="Add a cookie"
        onChange={(cookies) => write({ cookies })}
      />
    </>
  );
}
