// A call's shape as two arrows: what the client sends above, what the server sends below; a double head streams.
import type { ServiceMethod } from '../../src-main/core/schema.ts';
import { SHAPE_WORDS, shapeOf } from './call-shape.ts';
import './shape-glyph.css';

export function ShapeGlyph({ method }: { method: Pick<ServiceMethod, 'clientStreaming' | 'serverStreaming'> }) {
  const words = SHAPE_WORDS[shapeOf(method)];
  return (
    <svg className="shape-glyph" width="18" height="14" viewBox="0 0 18 14" role="img" aria-label={words}>
      <title>{words}</title>
      <path
        className="shape-up"
        d={`M1 4h14.5M13 1.5 15.5 4 13 6.5${method.clientStreaming ? 'M9 1.5 11.5 4 9 6.5' : ''}`}
      />
      <path
        className="shape-down"
        d={`M17 10H2.5M5 7.5 2.5 10 5 12.5${method.serverStreaming ? 'M9 7.5 6.5 10 9 12.5' : ''}`}
      />
    </svg>
  );
}
