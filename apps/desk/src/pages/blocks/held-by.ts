/** Whether an address lies in a network that is blocked: whoever looks for a caller's address types it whole. */
import { contains, parseCidr } from '@bellwether/basics';

/** `typed` may be anything; `network` is an address or CIDR. What is no address lies nowhere. */
export function isHeldBy(typed: string, network: string): boolean {
  const [address, held] = [parseCidr(typed), parseCidr(network)];
  return address.isOk() && held.isOk() && contains(held.value, address.value);
}
