// The script of a session: its steps as a list or as YAML, and how its last run went.
import { Circle, CircleCheck, CircleX, LoaderCircle, Play, Plus, Square, SquareSlash } from 'lucide-react';
import { type RefObject, useRef } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { SessionConfig, Step } from '../../src-main/core/session-config.ts';
import { commandShortcut, commands } from '../shell/commands.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Menu } from '../ui/menu.tsx';
import { Segments } from '../ui/tabs.tsx';
import { DataButton } from './data-button.tsx';
import { RecordDialog } from './record-dialog.tsx';
import { RowsStrip } from './rows-strip.tsx';
import { type RunResult, runResult, stepTime } from './run-marks.ts';
import { recordScript, runScript, stopScript } from './script-actions.ts';
import { useScripts } from './script-store.ts';
import { newStep } from './step-edit.ts';
import { StepList, type StepListOrders } from './step-list.tsx';
import { STEP_LABELS, stepKinds } from './step-text.ts';
import { YamlView } from './yaml-view.tsx';
import './script.css';

const VIEWS = [
  { value: 'list', label: 'List' },
  { value: 'yaml', label: 'YAML' },
] as const;

const NONE: readonly Step[] = [];

export function ScriptPane({ session, config }: { session: SessionState; config: SessionConfig }) {
  const view = useScripts((state) => state.view);
  const list = useRef<StepListOrders>(null);
  const script = config.script ?? NONE;
  return (
    <div className="script">
      <ScriptBar session={session} config={config} list={list} />
      <RowsStrip session={session} />
      <div className="script-body">
        {view === 'yaml' ? (
          <YamlView id={session.id} script={script} />
        ) : (
          <>
            <StepList session={session} config={config} orders={list} />
            {script.length === 0 && <NoSteps session={session} />}
          </>
        )}
      </div>
      <RecordDialog session={session} />
    </div>
  );
}

interface ScriptBarProps {
  session: SessionState;
  config: SessionConfig;
  list: RefObject<StepListOrders | null>;
}

function ScriptBar({ session, config, list }: ScriptBarProps) {
  const { id } = session;
  const view = useScripts((state) => state.view);
  const length = config.script?.length ?? 0;
  const result = runResult(session.script);
  const isRunning = session.script?.running === true;
  return (
    <div className="script-bar" role="toolbar" aria-label="Script">
      <Segments
        label="Script as"
        options={VIEWS}
        value={view}
        onChange={(next) => useScripts.setState({ view: next })}
      />
      {view === 'list' && (
        <Menu
          entries={stepKinds(config).map((kind) => ({
            text: STEP_LABELS[kind],
            run: () => list.current?.add(newStep(kind, config.messages ?? [])),
          }))}
        >
          <Button variant="ghost" icon={Plus}>
            Add step
          </Button>
        </Menu>
      )}
      <RecordButton session={session} />
      <DataButton session={session} config={config} />
      <ResultLine
        result={result}
        onShow={(at) => {
          useScripts.setState({ view: 'list' });
          // After the list was drawn.
          setTimeout(() => list.current?.show(at));
        }}
      />
      {isRunning ? (
        <Button icon={Square} title={commands['script.stop'].title} onClick={() => void stopScript(id)}>
          Stop
          <Kbd keys={commandShortcut('script.stop') ?? ''} />
        </Button>
      ) : (
        <Button
          icon={Play}
          disabled={length === 0}
          title={commands['script.run'].title}
          onClick={() => void runScript(id)}
        >
          Run
          <Kbd keys={commandShortcut('script.run') ?? ''} />
        </Button>
      )}
    </div>
  );
}

function RecordButton({ session }: { session: SessionState }) {
  const hasMessages = session.counts.messages > 0;
  return (
    <Button
      variant="ghost"
      icon={Circle}
      disabled={!hasMessages}
      title={hasMessages ? 'Make a script of what was sent and received' : 'Nothing was sent or received yet'}
      onClick={() => void recordScript(session.id)}
    >
      <span>
        Record<span className="script-long"> as script</span>
      </span>
    </Button>
  );
}

const RESULT_ICONS = { running: LoaderCircle, passed: CircleCheck, failed: CircleX, stopped: SquareSlash };

function ResultLine({ result, onShow }: { result: RunResult | undefined; onShow(at: number): void }) {
  if (!result) return <span className="script-result" role="status" />;
  const { state, text, at, ms } = result;
  const Icon = RESULT_ICONS[state];
  const words = (
    <>
      <Icon size={13} strokeWidth={2} aria-hidden />
      <span className="script-result-text">{text}</span>
      {state !== 'running' && ms !== undefined && <span className="script-result-time">{stepTime(ms)}</span>}
    </>
  );
  return (
    <span className={`script-result script-result-${state}`} role="status" title={text}>
      {state === 'failed' && at !== undefined ? (
        <button type="button" title="Go to the step" onClick={() => onShow(at)}>
          {words}
        </button>
      ) : (
        words
      )}
    </span>
  );
}

function NoSteps({ session }: { session: SessionState }) {
  const isServer = session.config.role === 'server';
  return (
    <EmptyState
      title="No script yet"
      text={`Steps that send and expect, run here or by wirescope run.${
        isServer ? ' A server’s script answers each connection.' : ''
      } Add a step, or record one from what this session sends and receives.`}
    />
  );
}
