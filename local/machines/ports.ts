/** Port of this machine's address on the bridge that the images come from. */
export const mirrorPort = 5000;
