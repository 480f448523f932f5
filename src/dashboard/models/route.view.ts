import { ApiProperty } from '@nestjs/swagger';
import type { FileModel } from '../../config/configuration-file.js';

export class RouteTargetView {
  /** `instance/model`. */
  model!: string;
  weight!: number;
  tags!: string[];
}

export class RouteHedgeView {
  /** Milliseconds, or a percentile of what was seen. */
  @ApiProperty({ oneOf: [{ type: 'integer' }, { type: 'string', enum: ['p90', 'p95', 'p99'] }] })
  afterMs!: number | 'p90' | 'p95' | 'p99';
  maxExtraPercent!: number;
  sameTarget!: boolean;
}

/** A public name and where it leads. */
export class RouteView {
  name!: string;
  /** Those of the file can be changed only there. */
  source!: 'file' | 'stored';
  /** `llm-proxy.yaml`, or null where people manage it. */
  managedBy!: string | null;
  enabled!: boolean;
  /** Why it is not in force. */
  problems!: string[];
  strategy!: 'priority' | 'weighted' | 'round-robin' | 'least-busy' | 'latency' | 'cost';
  affinity!: 'session' | 'user' | 'client' | 'none';
  targets!: RouteTargetView[];
  fallbacks!: string[];
  contextFallbacks!: string[];
  contentPolicyFallbacks!: string[];
  hedge!: RouteHedgeView | null;
}

export class RoutePage {
  items!: RouteView[];
  /** Null on the last page. */
  nextCursor!: string | null;
}

type RouteState = Pick<RouteView, 'source' | 'enabled'> & { problems: readonly string[] };

export function routeView(model: FileModel, { source, enabled, problems }: RouteState): RouteView {
  const { name, strategy, affinity, targets, hedge } = model;
  return {
    name,
    source,
    managedBy: source === 'file' ? 'llm-proxy.yaml' : null,
    enabled,
    problems: [...problems],
    strategy,
    affinity,
    targets: targets.map(({ model: address, weight, tags }) => ({
      model: address,
      weight,
      tags: [...tags],
    })),
    fallbacks: [...model.fallbacks],
    contextFallbacks: [...model.contextFallbacks],
    contentPolicyFallbacks: [...model.contentPolicyFallbacks],
    hedge: hedge === undefined ? null : { ...hedge },
  };
}
