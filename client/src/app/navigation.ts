import {
  Activity,
  Bell,
  BookOpen,
  Boxes,
  Cable,
  ChartColumn,
  FlaskConical,
  LayoutDashboard,
  List,
  type LucideIcon,
  MonitorCog,
  PlugZap,
  Settings,
  Users,
} from 'lucide-react';
import type { Role } from '@/api/auth-contract';

export type NavigationGroup = 'observe' | 'build' | 'manage' | 'administer';

export interface NavigationEntry {
  /** Also the key of its name in the texts. */
  readonly name: string;
  readonly path: string;
  readonly icon: LucideIcon;
  readonly group: NavigationGroup;
  /** Lowest role that has any use for the page. */
  readonly role: Role;
  /** Pressed after `g`. */
  readonly key: string;
}

/** The pages in the order of the side bar. Those whose route is not in the tree are not shown. */
export const NAVIGATION = [
  entry('overview', '/', LayoutDashboard, 'observe', 'viewer', 'o'),
  entry('usage', '/usage', ChartColumn, 'observe', 'viewer', 'u'),
  entry('requests', '/requests', List, 'observe', 'viewer', 'r'),
  entry('live', '/live', Activity, 'observe', 'viewer', 'l'),
  entry('playground', '/playground', FlaskConical, 'build', 'operator', 'p'),
  entry('connect', '/connect', Cable, 'build', 'viewer', 'c'),
  entry('clients', '/clients', Users, 'manage', 'viewer', 'k'),
  entry('providers', '/providers', PlugZap, 'manage', 'viewer', 'v'),
  entry('models', '/models', Boxes, 'manage', 'viewer', 'm'),
  entry('alerts', '/alerts', Bell, 'manage', 'viewer', 'a'),
  entry('audit', '/audit', BookOpen, 'administer', 'viewer', 'h'),
  entry('system', '/system', MonitorCog, 'administer', 'viewer', 's'),
  entry('settings', '/settings', Settings, 'administer', 'viewer', 'e'),
] as const;

export const NAVIGATION_GROUPS = ['observe', 'build', 'manage', 'administer'] as const;

export type PageName = (typeof NAVIGATION)[number]['name'];

function entry<Name extends string>(
  name: Name,
  path: string,
  icon: LucideIcon,
  group: NavigationGroup,
  role: Role,
  key: string,
) {
  return { name, path, icon, group, role, key };
}
