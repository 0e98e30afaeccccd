/** Port of the image registry on this machine's bridge address. */
export const mirrorPort = 5000;

/**
 * Port of the API server on the same address: the usual one. The platform's network policies allow connections to it,
 * and not to the port that the API server has on loopback.
 */
export const serverPort = 6443;
