import { lookup as lookUpHost, LookupAddress, LookupOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { NonRetryableError } from '../../handler/errors';

/**
 * Keeps requests away from addresses inside: a link, a redirect or a name server of the source's could lead there. The check is made on
 * the address that the connection is made to, after DNS.
 */

/** https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-special-registry: everything that is not globally reachable. */
const INSIDE = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24],
  ['192.0.2.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
] as const) INSIDE.addSubnet(network, bits);
// 64:ff9b::/96 and 2002::/16 hold IPv4 addresses, which may be inside ones.
for (const [network, bits] of [
  ['::', 128], ['::1', 128], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['100::', 64], ['2001:db8::', 32], ['2002::', 16], ['fc00::', 7], ['fe80::', 10], ['ff00::', 8],
] as const) INSIDE.addSubnet(network, bits, 'ipv6');

/** Whether an address is in a loopback, link-local, private or otherwise special range. An IPv4 address may be written as IPv6. */
export function isInside(address: string): boolean {
  return INSIDE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** @throws NonRetryableError if the host of a URL is such an address: no name is looked up for it */
export function refuseInside({ hostname }: URL): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && isInside(host)) throw inside(host);
}

type LookUpDone = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** Looks up a name, and refuses it if one of its addresses is inside. For the `lookup` option of `node:http`. */
export function guardedLookup(hostname: string, options: LookupOptions, done: LookUpDone): void {
  lookUpHost(hostname, options, (error, address, family) => {
    const addresses = typeof address === 'string' ? [{ address }] : address ?? [];
    const refused = error === null && addresses.some((each) => isInside(each.address));
    done(refused ? inside(hostname) : error, address, family);
  });
}

function inside(host: string): NonRetryableError {
  return new NonRetryableError(`${host} has an address in a loopback, link-local or private range, to which requests are not sent; `
    + 'if the source is there, set privateNetwork to true');
}
