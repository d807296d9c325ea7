// The value of a secret: dots, whatever it is. It can be given and forgotten, and is never read back.
import { Eraser } from 'lucide-react';
import { useEffect, useState } from 'react';
import { bridge } from '../bridge/bridge.ts';
import { attempt } from '../stores/problem.ts';
import { useSessions } from '../stores/sessions.ts';
import { IconButton } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { refreshVariables } from './variable-store.ts';

export interface SecretValueProps {
  name: string;
  label: string;
  /** The session whose own variable it is; absent: it is the workspace's. */
  session?: string | undefined;
}

export function SecretValue({ name, label, session }: SecretValueProps) {
  const [typed, setTyped] = useState('');
  const [has, setHas] = useHasValue(name, session);
  const set = async (value: string | null) => {
    setTyped('');
    const isDone = await attempt(
      async () =>
        (await bridge.call('secrets.set', { name, value, ...(session === undefined ? {} : { session }) })) === null,
    );
    if (!isDone) return;
    setHas(value !== null);
    refreshVariables();
  };
  return (
    <div className="secret-value">
      <Input
        data
        type="password"
        autoComplete="new-password"
        aria-label={label}
        disabled={name === ''}
        placeholder={has === undefined ? 'Hidden; type a new one' : has ? '••••••••' : 'No value on this machine yet'}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => typed !== '' && void set(typed)}
        onKeyDown={(event) => event.key === 'Enter' && typed !== '' && void set(typed)}
      />
      {has && <IconButton label={`Forget the value of ${name}`} icon={Eraser} onClick={() => void set(null)} />}
    </div>
  );
}

/** Whether the secret has a value on this machine; undefined: no session of the workspace is there to ask for. */
function useHasValue(name: string, owner: string | undefined): [boolean | undefined, (has: boolean) => void] {
  const any = useSessions((state) => state.order.find((id) => state.byId[id]?.place.in === 'workspace'));
  const session = owner ?? any;
  const [has, setHas] = useState<boolean>();
  useEffect(() => {
    let current = true;
    if (session === undefined) return undefined;
    bridge.call('variables.list', { session }).then(
      (variables) => {
        if (current) setHas(variables.find((variable) => variable.secret && variable.name === name)?.has);
      },
      // Whether it has one stays unsaid.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [name, session]);
  return [has, setHas];
}
