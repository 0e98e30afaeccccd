/**
 * Recorded series that exists for each gateway pod whose errors are counted from the first one on. A check requires it,
 * so that it does not pass where the first errors are missing.
 */
export const knownGateway = "gateway:instance:known";

/** When the process of each gateway pod started; every scrape that succeeds has it. */
export const gatewayStart = 'process_start_time_seconds{job="traefik"}';
