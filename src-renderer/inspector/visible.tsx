// Text from the wire: what cannot be seen is shown as a stand-in, and its direction stays its own.
import type { ReactNode } from 'react';
import { visibleSegments } from '../timeline/visible-text.ts';

/** The text with its stand-ins set apart. */
export function visibleParts(text: string): ReactNode {
  let at = 0;
  return visibleSegments(text).map((segment) => {
    const key = at;
    at += segment.text.length;
    if (!segment.standIn) return segment.text;
    return (
      <span key={key} className="in-hidden">
        {segment.text}
      </span>
    );
  });
}

export function Visible({ text }: { text: string }) {
  return <bdi dir="ltr">{visibleParts(text)}</bdi>;
}
