// Under the address of a gRPC session: which method a client calls, what a mock serves, and how its types are.
import { ChevronDown, CircleAlert, TriangleAlert } from 'lucide-react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { ServiceMethod } from '../../src-main/core/schema.ts';
import { chooseDraftOf } from '../composer/draft-store.ts';
import { commandShortcut, useCommand } from '../shell/commands.ts';
import { withSection } from '../stores/config-edit.ts';
import { openSettings, useDialogs } from '../stores/dialogs.ts';
import { editConfig } from '../stores/session-actions.ts';
import { configOf, useSessions } from '../stores/sessions.ts';
import { Button } from '../ui/button.tsx';
import { formatPlural } from '../ui/format.ts';
import { Popover } from '../ui/popover.tsx';
import { pathParts, SHAPE_WORDS, shapeOf } from './call-shape.ts';
import { type KnownSchema, methodOf, useSchema } from './schema-store.ts';
import { ServiceBrowser } from './service-browser.tsx';
import { ShapeGlyph } from './shape-glyph.tsx';
import './method-bar.css';

export function MethodBar({ session }: { session: SessionState }) {
  const { id } = session;
  const schema = useSchema(id);
  const path = useSessions((state) => configOf(state, id)?.grpc?.method);
  const isClient = session.config.role === 'client';
  const method = methodOf(schema?.state, path);
  return (
    <section className="method-bar" aria-label="Method" data-pane="method">
      <SchemaPopover session={session}>
        {isClient ? (
          <Button
            variant="ghost"
            className="method-button"
            data-pane-entry
            title={`Choose the method (${commandShortcut('grpc.method')})`}
          >
            {method && <ShapeGlyph method={method} />}
            <MethodName path={path} />
            <ChevronDown size={12} strokeWidth={2} aria-hidden />
          </Button>
        ) : (
          <Button variant="ghost" className="method-button" data-pane-entry>
            {servedText(schema)}
            <ChevronDown size={12} strokeWidth={2} aria-hidden />
          </Button>
        )}
      </SchemaPopover>
      {isClient && method && <span className="method-bar-shape">{SHAPE_WORDS[shapeOf(method)]}</span>}
      {isClient && path && !method && schema?.state && !schema.state.loading && (
        <span className="method-bar-note">Not among the known methods: bytes only, or load its .proto files.</span>
      )}
      <span className="method-bar-fill" />
      <SchemaMark schema={schema} />
    </section>
  );
}

function MethodName({ path }: { path: string | undefined }) {
  if (!path) return <span>Choose a method</span>;
  const { service, method } = pathParts(path);
  return (
    <span className="method-path data">
      {service && <span className="method-service">{service}/</span>}
      <span className="method-name">{method}</span>
    </span>
  );
}

function servedText(schema: KnownSchema | undefined): string {
  const services = schema?.state?.services ?? [];
  if (schema?.state?.loading && services.length === 0) return 'Reading the message types';
  if (services.length === 0) return 'Load what to serve';
  const methods = services.reduce((sum, service) => sum + service.methods.length, 0);
  return `Serves ${formatPlural(services.length, 'service')}, ${formatPlural(methods, 'method')}`;
}

/** The service browser under its button; the command opens it too. */
export function SchemaPopover({ session, children }: { session: SessionState; children: React.ReactNode }) {
  const { id, config } = session;
  const open = useDialogs((state) => state.services);
  const setOpen = (services: boolean) => useDialogs.setState({ services });
  const path = useSessions((state) => configOf(state, id)?.grpc?.method);
  useCommand('grpc.method', () => setOpen(true));
  const choose = (method: ServiceMethod) => {
    const next = method.path.replace(/^\//, '');
    if (config.role === 'server') {
      openSettings('methods', next);
      return;
    }
    chooseDraftOf(id, path ?? '', next);
    editConfig(id, (old) => withSection(old, 'grpc', { method: next }));
  };
  return (
    <Popover label="Services and methods" trigger={children} align="start" wide open={open} onOpenChange={setOpen}>
      <ServiceBrowser
        session={id}
        canAsk={config.role === 'client'}
        chosen={config.role === 'client' ? path?.replace(/^\//, '') : undefined}
        {...(config.role === 'capture' ? {} : { onChoose: choose })}
        onClose={() => setOpen(false)}
      />
    </Popover>
  );
}

/** Where the types come from, or what is wrong with them. */
function SchemaMark({ schema }: { schema: KnownSchema | undefined }) {
  const state = schema?.state;
  if (schema?.problem) return <span className="method-bar-error">{schema.problem.what}</span>;
  if (!state) return null;
  if (state.loading) return <span className="method-bar-shape">Reading the message types</span>;
  const errors = state.problems.filter(({ severity }) => severity === 'error').length;
  if (state.problems.length > 0) {
    const Icon = errors > 0 ? CircleAlert : TriangleAlert;
    const text = errors > 0 ? formatPlural(errors, 'error') : formatPlural(state.problems.length, 'warning');
    return (
      <button
        type="button"
        className={errors > 0 ? 'method-bar-error' : 'method-bar-note'}
        title={state.problems.map((problem) => problem.text).join('\n')}
        onClick={() => useDialogs.setState({ services: true })}
      >
        <Icon size={13} strokeWidth={2} aria-hidden /> {text} in the schema
      </button>
    );
  }
  const [first, ...others] = state.sources;
  if (!first) return null;
  const name = first.kind === 'reflection' ? 'Reflection' : first.label.replace(/^.*[\\/]/, '');
  return (
    <span className="method-bar-shape" title={state.sources.map(({ label }) => label).join('\n')}>
      {name}
      {others.length > 0 && ` and ${others.length} more`}
    </span>
  );
}
