import { BlockList, isIPv4 } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether a socket's remote address is this machine; IPv4 inside IPv6 counts as what it stands for. */
export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  return LOOPBACK.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}
