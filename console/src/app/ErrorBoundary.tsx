import { Component, type ReactNode } from "react";
import { ErrorBox } from "../parts/states";

/** A fault in one page leaves the shell standing. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <main className="pg-plain">
        <ErrorBox
          what="This page stopped."
          error={this.state.error}
          onRetry={() => this.setState({ error: null })}
        />
      </main>
    );
  }
}
