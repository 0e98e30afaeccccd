/** Folder of the cluster files. */
export const clustersFolder = "clusters";
