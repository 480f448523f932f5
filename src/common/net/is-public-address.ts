import { BlockList, isIP } from 'node:net';

/** What nobody on the internet owns, or what a cloud answers on for the machine that asks. */
const CLOSED_IPV4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8',
  '100.64.0.0/10', // carrier-grade NAT; one cloud's metadata service is in it
  '127.0.0.0/8',
  '168.63.129.16/32', // a cloud's platform service, though its address is a public one
  '169.254.0.0/16', // link-local, and the usual place of metadata services
  '172.16.0.0/12',
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // relays of 6to4
  '192.168.0.0/16',
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
];

/** Of all IPv6 only this is the internet; unique-local, link-local and multicast are outside. */
const OPEN_IPV6 = ['2000::/3'];
const CLOSED_IPV6 = [
  '2001::/23', // protocol assignments, tunnels of Teredo among them
  '2001:db8::/32', // documentation
  '3fff::/20', // documentation
];

/** Forms that carry an IPv4 address, and the group at which it begins. What counts is that address. */
const CARRIERS: ReadonlyArray<readonly [ranges: BlockList, group: number]> = [
  [blockList(['::ffff:0:0/96'], 'ipv6'), 6], // mapped
  [blockList(['64:ff9b::/96'], 'ipv6'), 6], // NAT64
  [blockList(['2002::/16'], 'ipv6'), 1], // 6to4
];

const closedIpv4 = blockList(CLOSED_IPV4, 'ipv4');
const openIpv6 = blockList(OPEN_IPV6, 'ipv6');
const closedIpv6 = blockList(CLOSED_IPV6, 'ipv6');

/**
 * Whether an IP address is one of the internet's: not loopback, private, link-local, multicast or
 * reserved, in any spelling, nor a cloud's metadata service. False for what is no address at all.
 */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !closedIpv4.check(address, 'ipv4');
  // A zone, as in fe80::1%eth0, is there for addresses that are not public.
  if (version === 0 || address.includes('%')) return false;
  for (const [ranges, group] of CARRIERS) {
    if (ranges.check(address, 'ipv6')) return isPublicAddress(carriedIpv4(address, group));
  }
  return openIpv6.check(address, 'ipv6') && !closedIpv6.check(address, 'ipv6');
}

function carriedIpv4(address: string, group: number): string {
  const groups = groupsOf(address);
  const [high = 0, low = 0] = groups.slice(group, group + 2);
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): number[] {
  // The parser of URLs writes a dotted tail as two groups, and everything else in one way.
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::').map((half) => half.split(':').filter(Boolean));
  const before = [...head].map((text) => Number.parseInt(text, 16));
  const after = [...(tail ?? [])].map((text) => Number.parseInt(text, 16));
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function blockList(subnets: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = '', prefix] = subnet.split('/');
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
