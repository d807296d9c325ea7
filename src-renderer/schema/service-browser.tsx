// Services, their methods and what these send and receive: searched by typing, walked by arrows, chosen with Enter.
import { FilePlus2, type LucideIcon, RefreshCw, Server, Settings2 } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { SchemaState } from '../../src-main/bridge/contract.ts';
import type { ServiceMethod } from '../../src-main/core/schema.ts';
import { openSettings } from '../stores/dialogs.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Input } from '../ui/field.tsx';
import { formatPlural } from '../ui/format.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { type BrowserLine, browserLines, stepLine } from './browse.ts';
import { MethodDetail } from './method-detail.tsx';
import { addSchemaFiles, askServer, reloadSchema } from './schema-actions.ts';
import { SchemaProblems } from './schema-problems.tsx';
import { type KnownSchema, useSchema } from './schema-store.ts';
import { ShapeGlyph } from './shape-glyph.tsx';
import './service-browser.css';

export interface ServiceBrowserProps {
  session: string;
  /** There is a server that can be asked for its types. */
  canAsk: boolean;
  /** Path of the method that is chosen now. */
  chosen: string | undefined;
  /** Absent where methods are only looked at. */
  onChoose?(method: ServiceMethod): void;
  onClose(): void;
}

/** Methods that PageUp and PageDown pass. */
const PAGE = 8;

export function ServiceBrowser(props: ServiceBrowserProps) {
  const { session, chosen, onChoose, onClose } = props;
  const schema = useSchema(session);
  const id = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState<string | undefined>(chosen);
  const list = useRef<HTMLDivElement>(null);
  const services = schema?.state?.services ?? [];
  const lines = browserLines(services, typed);
  // One for all stands below the list.
  const hasSources = new Set(services.map(({ source }) => source)).size > 1;
  const isAt = (line: BrowserLine) => line.kind === 'method' && line.method.path === at;
  const found = lines.findIndex(isAt);
  const index = found >= 0 ? found : lines.findIndex((line) => line.kind === 'method');
  const line = lines[index];
  const method = line?.kind === 'method' ? line.method : undefined;

  useEffect(() => {
    list.current?.querySelector(`[data-line="${index}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [index]);

  const choose = (target: ServiceMethod | undefined) => {
    if (!target || !onChoose) return;
    onChoose(target);
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: { [key: string]: number } = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE };
    const step = steps[event.key];
    if (step !== undefined) {
      const next = lines[stepLine(lines, index, step)];
      if (next?.kind === 'method') setAt(next.method.path);
    } else if (event.key === 'Enter') choose(method);
    else return;
    event.preventDefault();
  };

  return (
    <div className="service-browser">
      <div className="service-browser-top">
        <Input
          aria-label="Search services and methods"
          placeholder="Search services, methods, comments"
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={index < 0 ? undefined : `${id}-${index}`}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <SourceButtons {...props} schema={schema} />
      </div>
      <SchemaProblems session={session} problems={schema?.state?.problems ?? []} />
      <div className="service-browser-body">
        <div className="service-list" id={`${id}-list`} role="listbox" aria-label="Methods" ref={list}>
          {lines.map((each, place) =>
            each.kind === 'service' ? (
              <div key={each.service.name} className="service-name" title={each.service.comment}>
                <span className="service-name-text data">{each.service.name}</span>
                {hasSources && (
                  <span className="service-source" title={each.service.source}>
                    {each.service.source.replace(/^.*[\\/]/, '')}
                  </span>
                )}
              </div>
            ) : (
              <div
                key={each.method.path}
                id={`${id}-${place}`}
                data-line={place}
                role="option"
                tabIndex={-1}
                aria-selected={place === index}
                className={classNames('service-method', place === index && 'service-method-at')}
                title={each.method.path}
                onMouseDown={(event) => {
                  event.preventDefault();
                  setAt(each.method.path);
                }}
                onDoubleClick={() => choose(each.method)}
              >
                <ShapeGlyph method={each.method} />
                <span className="service-method-name data">{each.method.name}</span>
                {each.method.deprecated && <span className="service-hint">deprecated</span>}
                {each.method.path === chosen && <span className="service-hint">chosen</span>}
              </div>
            ),
          )}
          {lines.length === 0 && <Nothing {...props} schema={schema} typed={typed} />}
        </div>
        {method && schema && (
          <MethodDetail key={method.path} method={method} types={schema.types}>
            {onChoose && (
              <Button variant="primary" onClick={() => choose(method)}>
                Choose {method.name}
              </Button>
            )}
          </MethodDetail>
        )}
      </div>
      <Sources state={schema?.state} />
    </div>
  );
}

type StateProps = ServiceBrowserProps & { schema: KnownSchema | undefined };

function SourceButtons({ session, canAsk, onClose, schema }: StateProps) {
  const loading = schema?.state?.loading ?? false;
  const orders: { label: string; icon: LucideIcon; run(): void }[] = [
    { label: 'Load .proto files…', icon: FilePlus2, run: () => void addSchemaFiles(session) },
    ...(canAsk ? [{ label: 'Ask the server (reflection)', icon: Server, run: () => void askServer(session) }] : []),
    { label: loading ? 'Reading the message types' : 'Reload', icon: RefreshCw, run: () => void reloadSchema(session) },
    {
      label: 'Where message types come from…',
      icon: Settings2,
      run: () => {
        onClose();
        openSettings('schema');
      },
    },
  ];
  return (
    <div className="service-browser-orders">
      {orders.map(({ label, icon, run }) => (
        <IconButton key={label} label={label} icon={icon} disabled={loading && icon === RefreshCw} onClick={run} />
      ))}
    </div>
  );
}

/** Why there is no line: still loading, failed, nothing matches, or nothing is known yet. */
function Nothing({ session, canAsk, schema, typed }: StateProps & { typed: string }) {
  if (schema?.problem) return <ProblemView problem={schema.problem} />;
  if (!schema?.state || schema.state.loading) return <EmptyState title="Reading the message types" />;
  if (typed !== '' && schema.state.services.length > 0) return <EmptyState title="No method matches" />;
  return (
    <EmptyState
      title={schema.state.sources.length > 0 ? 'No services in these files' : 'No services known yet'}
      text={
        canAsk
          ? 'Name the .proto files or a descriptor set of the service, or ask the server for them by reflection.'
          : 'Name the .proto files or a descriptor set of the service.'
      }
    >
      <Button variant="primary" icon={FilePlus2} onClick={() => void addSchemaFiles(session)}>
        Load .proto files…
      </Button>
      {canAsk && (
        <Button icon={Server} onClick={() => void askServer(session)}>
          Ask the server (reflection)
        </Button>
      )}
    </EmptyState>
  );
}

function Sources({ state }: { state: SchemaState | undefined }) {
  if (!state || state.sources.length === 0) return null;
  // That it is by reflection, its label says.
  const words = { file: 'file, ', descriptors: 'descriptor set, ', reflection: '' } as const;
  return (
    <p className="service-sources">
      {state.loading && <span>Reading…</span>}
      {state.sources.map(({ label, kind, services }) => (
        <span key={`${kind} ${label}`} title={label}>
          <span className="data service-source-label">{label}</span>
          <span className="service-hint">
            {words[kind]}
            {formatPlural(services, 'service')}
          </span>
        </span>
      ))}
    </p>
  );
}
