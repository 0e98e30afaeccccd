/** Folder of the clusters' files. */
export const clustersFolder = "clusters";
