// Keeps the manifest of one run up to date while its capture grows: what it counted, whom it reached and how it ended. A
// crash leaves what was true a few seconds before.
import type { Problem } from '../../core/event.ts';
import type { LiveSource } from '../session/live-source.ts';
import type { Recording } from '../session/session.ts';
import type { RunManifest } from './manifest.ts';

/** The counts of a run that crashed are at most so old. */
const COUNT_EVERY_MS = 5000;

/** What a recording knows better than the file. */
export type RunProgress = Pick<RunManifest, 'endedAt' | 'peer' | 'counts' | 'result' | 'text'>;

export interface RecordingOptions {
  path: string;
  event?: Recording['event'];
  /** Whom it is for, as far as that can be told before. */
  peer: string;
  /** This fills the file. */
  followed(source: LiveSource): void;
  /** The run has come so far. */
  progressed(progress: RunProgress): void;
  /** Nothing will ever be in the file. */
  dropped(): Promise<void>;
}

export class RunRecording implements Recording {
  readonly path: string;
  readonly event?: NonNullable<Recording['event']>;
  readonly #followed: RecordingOptions['followed'];
  readonly #progressed: RecordingOptions['progressed'];
  readonly #dropped: RecordingOptions['dropped'];
  #peer: string;
  #source: LiveSource | undefined;
  #endedAt: number | null = null;
  #failure: Problem | undefined;
  /** What its script came to. */
  #verdict: { ok: boolean; text: string } | undefined;

  constructor({ path, event, peer, followed, progressed, dropped }: RecordingOptions) {
    this.path = path;
    this.#peer = peer;
    this.#followed = followed;
    this.#progressed = progressed;
    this.#dropped = dropped;
    if (event) this.event = event;
  }

  follow(source: LiveSource): void {
    this.#source = source;
    this.#followed(source);
    const unfollow = source.onChange(() => this.#look());
    let counted = 0;
    const timer = setInterval(() => {
      if (source.capture.count === counted) return;
      counted = source.capture.count;
      this.#tell();
    }, COUNT_EVERY_MS);
    timer.unref();
    void source.finished.then(() => {
      clearInterval(timer);
      unfollow();
      this.#endedAt = Date.now() * 1000;
      this.#tell();
    });
  }

  async drop(found?: Problem): Promise<void> {
    if (!found) return await this.#dropped();
    this.#failure = found;
    this.#endedAt = Date.now() * 1000;
    this.#tell();
  }

  /** What its script came to, in words too. */
  judge(ok: boolean, text: string): void {
    this.#verdict = { ok, text };
    this.#tell();
  }

  get counts(): RunManifest['counts'] {
    const { records = 0, messages = 0, notes = 0, errors = 0 } = this.#source?.capture.counts ?? {};
    return { records, messages, notes, errors };
  }

  #look(): void {
    const { phase, text } = this.#source!.status;
    if (phase !== 'open' || text === this.#peer) return;
    this.#peer = text;
    this.#tell();
  }

  #tell(): void {
    this.#progressed({ endedAt: this.#endedAt, peer: this.#peer, counts: this.counts, ...this.#outcome() });
  }

  #outcome(): Pick<RunProgress, 'result' | 'text'> {
    if (this.#endedAt === null) return { result: 'running', text: '' };
    if (this.#verdict) return { result: this.#verdict.ok ? 'passed' : 'notPassed', text: this.#verdict.text };
    const failure = this.#failure ?? this.#source?.status.problem;
    if (failure) return { result: 'failed', text: failure.what };
    return { result: 'closed', text: this.#source?.status.text ?? '' };
  }
}
