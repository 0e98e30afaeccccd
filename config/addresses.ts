import { isIP, isIPv4 } from "node:net";

/** Default address of NodeLocal DNSCache, the DNS cache on every node, if it is installed. */
export const nodeLocalDnsAddress = "169.254.20.10/32";

/** An address range: its first address, the length of its prefix, and the length of an address, in bits. */
interface Range {
  address: bigint;
  prefix: number;
  bits: 32 | 128;
}

/** Returns a range as it should be written: every bit after the prefix is 0. */
export function networkOf(cidr: string): string {
  // Another rule refuses an invalid range.
  if (!isRange(cidr)) return cidr;
  const { address, prefix, bits } = parseRange(cidr);
  const rest = BigInt(bits - prefix);
  const network = (address >> rest) << rest;
  return network === address ? cidr : `${showAddress(network, bits)}/${prefix}`;
}

/** Whether a range is so large that it means the internet: over 16 million IPv4 addresses. */
export function isVast(cidr: string): boolean {
  return isRange(cidr) && parseRange(cidr).prefix < 8;
}

/** Whether two ranges of the same version have addresses in common. */
export function areOverlapping(first: string, second: string): boolean {
  if (!isRange(first) || !isRange(second)) return false;
  const [one, other] = [parseRange(first), parseRange(second)];
  if (one.bits !== other.bits) return false;
  const rest = BigInt(one.bits - Math.min(one.prefix, other.prefix));
  return one.address >> rest === other.address >> rest;
}

/**
 * Whether a range of addresses contains another one of the same version. An address without a prefix is a range of one.
 */
export function contains(wide: string, narrow: string): boolean {
  const [outer, inner] = [wide, narrow].map(rangeOf) as [string, string];
  return areOverlapping(outer, inner) && prefixOf(outer) <= prefixOf(inner);
}

function rangeOf(text: string): string {
  const version = isIP(text);
  return version === 0 ? text : `${text}/${version === 4 ? 32 : 128}`;
}

/**
 * Whether a server may have an address in a range of IPv4 addresses: any in it except its first and its last.
 */
export function isServerAddressIn(cidr: string, address: string): boolean {
  if (!isIPv4(address) || !contains(cidr, address)) return false;
  const { address: first, prefix } = parseRange(cidr);
  const last = first + (1n << BigInt(32 - prefix)) - 1n;
  const value = addressV4(address);
  return prefix > 30 || (value > first && value < last);
}

/** Returns the address at an offset in a range of IPv4 addresses; offset 0 is the first address. */
export function addressIn(cidr: string, number: number): string {
  return showAddress(parseRange(cidr).address + BigInt(number), 32);
}

/** Returns the length of a range's prefix in bits. */
export function prefixOf(cidr: string): number {
  return parseRange(cidr).prefix;
}

/**
 * Addresses at which clouds give a node its credentials and settings; no pod needs them. IPv4: link-local (AWS, Azure,
 * Google, Huawei, Tencent, OpenStack), and Alibaba Cloud. IPv6: AWS's metadata service and its agent on EKS, Google.
 * Azure's 168.63.129.16 is not one of them, because it also answers DNS.
 */
const metadataRanges = [
  "169.254.0.0/16",
  "100.100.100.200/32",
  "fd00:ec2::254/128",
  "fd00:ec2::23/128",
  "fd20:ce::254/128",
] as const;

/** Returns the addresses of clouds' metadata services in a larger range, as ranges. */
export function metadataIn(cidr: string): string[] {
  return metadataRanges.filter((range) => contains(cidr, range) && !contains(range, cidr));
}

/** Whether all addresses of a range are those of clouds' metadata services. */
export function isMetadata(cidr: string): boolean {
  return metadataRanges.some((range) => contains(range, cidr));
}

/**
 * Ranges that cannot be the address of another server, and why. The API server refuses all but the metadata service of
 * Alibaba Cloud in an EndpointSlice.
 */
const unusable: readonly [range: string, what: string][] = [
  ["0.0.0.0/8", "an unspecified address"],
  ["127.0.0.0/8", "a loopback address"],
  ["169.254.0.0/16", "a link-local address, such as that of a cloud's metadata service"],
  ["100.100.100.200/32", "the address of Alibaba Cloud's metadata service"],
  ["224.0.0.0/4", "a multicast address"],
  ["240.0.0.0/4", "a reserved address"],
];

/** Returns why an IPv4 address cannot be that of another server; undefined if it can. */
export function unusableAddress(address: string): string | undefined {
  // Another rule refuses an invalid address.
  if (!isIPv4(address)) return undefined;
  return unusable.find(([range]) => contains(range, address))?.[1];
}

function isRange(text: string): boolean {
  const [address = "", prefix = ""] = text.split("/");
  const version = isIP(address);
  if (version === 0 || address.includes("%")) return false;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}

function parseRange(cidr: string): Range {
  const [text = "", prefix = ""] = cidr.split("/");
  return isIPv4(text)
    ? { address: addressV4(text), prefix: Number(prefix), bits: 32 }
    : { address: addressV6(text), prefix: Number(prefix), bits: 128 };
}

function addressV4(text: string): bigint {
  return text.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function addressV6(text: string): bigint {
  const [head = "", tail] = text.split("::");
  const front = groupsOf(head);
  const back = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => 0n);
  return [...front, ...zeros, ...back].reduce((sum, group) => sum * 65_536n + group, 0n);
}

/** Groups of 16 bits; the last two may be written as an address of version 4. */
function groupsOf(text: string): bigint[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (!group.includes(".")) return [BigInt(`0x${group}`)];
    const value = addressV4(group);
    return [value >> 16n, value & 0xffffn];
  });
}

function showAddress(address: bigint, bits: Range["bits"]): string {
  const [size, count, radix, separator] =
    bits === 32 ? ([8n, 4, 10, "."] as const) : ([16n, 8, 16, ":"] as const);
  const groups = Array.from({ length: count }, (_, at) => {
    const value = (address >> (size * BigInt(count - 1 - at))) & ((1n << size) - 1n);
    return value.toString(radix);
  });
  const text = groups.join(separator);
  // The parser of URLs writes it as RFC 5952 says: with "::" for the longest run of zeros.
  return bits === 32 ? text : new URL(`http://[${text}]`).hostname.slice(1, -1);
}
