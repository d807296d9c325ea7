// The first start, and whenever no session is chosen: what one can begin with.
import { ArrowRight, FileText, FolderOpen, type LucideIcon, Plug, Radio } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { type CommandId, commandShortcut, runCommand } from './commands.ts';
import './welcome.css';

interface Start {
  icon: LucideIcon;
  title: string;
  text: string;
  commands: { id: CommandId; label: string }[];
}

const STARTS: Start[] = [
  {
    icon: Plug,
    title: 'Connect',
    text: 'Be the client of a server you want to look at.',
    commands: [
      { id: 'session.new.client.websocket', label: 'WebSocket' },
      { id: 'session.new.client.grpc', label: 'gRPC' },
      { id: 'session.new.client.tcp', label: 'TCP' },
      { id: 'session.new.client.udp', label: 'UDP' },
    ],
  },
  {
    icon: Radio,
    title: 'Listen',
    text: 'Be the server: echo, mock, or scripted answers.',
    commands: [
      { id: 'session.new.server.websocket', label: 'WebSocket' },
      { id: 'session.new.server.grpc', label: 'gRPC' },
      { id: 'session.new.server.tcp', label: 'TCP' },
      { id: 'session.new.server.udp', label: 'UDP' },
    ],
  },
  {
    icon: FolderOpen,
    title: 'Work in a folder',
    text: 'Sessions as text files, to keep in git beside your code.',
    commands: [
      { id: 'workspace.open', label: 'Open folder' },
      { id: 'workspace.openSamples', label: 'Samples' },
    ],
  },
  {
    icon: FileText,
    title: 'Open a capture',
    text: 'A pcapng or pcap file; dropping it on the window does too.',
    commands: [{ id: 'capture.open', label: 'Choose file' }],
  },
];

const HINTS: { id: CommandId; text: string }[] = [
  { id: 'palette.open', text: 'search or run' },
  { id: 'session.new', text: 'new session' },
  { id: 'address.focus', text: 'address' },
  { id: 'composer.send', text: 'send' },
  { id: 'pane.next', text: 'next pane' },
];

export function Welcome() {
  return (
    <div className="welcome" data-pane="welcome">
      <div className="welcome-body">
        <h1>Every frame, as it was on the wire</h1>
        <p className="welcome-text">
          Connect to a WebSocket, gRPC, TCP or UDP peer, or let one connect to you, and read what goes back and forth.
        </p>
        <section className="welcome-try">
          <Button variant="primary" onClick={() => runCommand('session.tryIt')}>
            Try it
            <ArrowRight size={14} strokeWidth={2} aria-hidden />
          </Button>
          <p>Starts an echo server on this machine and connects a WebSocket client to it.</p>
        </section>
        <ul className="welcome-starts">
          {STARTS.map(({ icon: Icon, title, text, commands }) => (
            <li key={title}>
              <Icon size={16} strokeWidth={1.75} aria-hidden />
              <div className="welcome-start-text">
                <h2>{title}</h2>
                <p>{text}</p>
              </div>
              <div className="welcome-buttons">
                {commands.map(({ id, label }) => (
                  <Button key={id} aria-label={`${title}: ${label}`} onClick={() => runCommand(id)}>
                    {label}
                  </Button>
                ))}
              </div>
            </li>
          ))}
        </ul>
        <ul className="welcome-hints" aria-label="Keyboard">
          {HINTS.map(({ id, text }) => (
            <li key={id}>
              <Kbd keys={commandShortcut(id) ?? ''} /> {text}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
