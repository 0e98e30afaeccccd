/** What an image says of itself, and what is in it, as far as a pod can tell the difference. */
export interface ImageFacts {
  /** User and group that it runs as: `65534`, `1000:1000`; the administrator without it. */
  user?: string;
  entrypoint?: string[];
  command?: string[];
  workdir?: string;
  env?: Record<string, string>;
  /** Paths that get a volume of their own for each container unless the pod mounts something there. */
  volumes?: string[];
  /** Whether there is a shell. */
  shell: boolean;
  /** Folders that are there, and whose they are. */
  folders?: Folder[];
  /** Where these facts stand. */
  source: string;
}

/** A folder of an image. */
export interface Folder {
  path: string;
  /** Numeric user and group. */
  owner: [number, number];
  /** 755 without it. */
  mode?: number;
}

/** An image that is put together here, in the place of one that no package registry carries. */
export interface Assembled {
  facts: ImageFacts;
  layers: Layer[];
  /** How it differs from the official one beyond its packaging, for the summary. */
  differs?: string;
}

/** One layer: a folder that is made once, and known by its key. */
export interface Layer {
  /** Says everything that decides what is in it. */
  key: string;
  /** Fills an empty folder. */
  make(folder: string): Promise<void>;
}
