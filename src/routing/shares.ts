/** How much of the traffic a tenant is meant for. */
export interface Share {
  /** Twice the weight, twice the requests. */
  weight: number;
  /** 1 goes first; tenants with a higher number are asked when none of the lower ones can be. */
  priority: number;
}

export const EQUAL: Share = { weight: 1, priority: 1 };
