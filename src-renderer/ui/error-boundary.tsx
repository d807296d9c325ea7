// Keeps a fault in one pane from taking the window with it: the pane says so, the rest goes on.
import { Component, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { ProblemView } from './problem-view.tsx';

interface Props {
  /** What failed, as `The timeline`. */
  name: string;
  children: ReactNode;
}

export class ErrorBoundary extends Component<Props, { error?: Error | undefined }> {
  override state: { error?: Error | undefined } = {};

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <ProblemView
        problem={{
          what: `${this.props.name} cannot be shown.`,
          why: 'A fault in Wirescope itself. Sessions and captures are not touched.',
          next: 'Show it again; if it comes back, report it with the details.',
          details: error.stack ?? error.message,
        }}
      >
        <Button variant="ghost" onClick={() => this.setState({ error: undefined })}>
          Show again
        </Button>
      </ProblemView>
    );
  }
}
