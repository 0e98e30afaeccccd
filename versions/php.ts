/** Source of a PHP extension: a flag of `configure`, a Debian package, or both. */
interface Extension {
  /** Flag for compiled versions. Undefined if these do not get the extension. */
  flag?: string;
  /** Suffix of the Debian package after `php<version>-`; `common` is part of every version. */
  package: string;
}

/** Available extensions. Those that PHP always includes (json, pdo, xml…) are not listed. */
const extensions = {
  bcmath: { flag: "--enable-bcmath", package: "bcmath" },
  curl: { flag: "--with-curl", package: "curl" },
  exif: { flag: "--enable-exif", package: "common" },
  gd: { flag: "--with-gd --with-jpeg-dir=/usr --with-png-dir=/usr", package: "gd" },
  intl: { package: "intl" },
  mbstring: { flag: "--enable-mbstring", package: "mbstring" },
  mysqli: { flag: "--with-mysqli=mysqlnd", package: "mysql" },
  opcache: { flag: "--enable-opcache", package: "opcache" },
  openssl: { flag: "--with-openssl=/opt/openssl", package: "common" },
  pcntl: { flag: "--enable-pcntl", package: "cli" },
  pdo_mysql: { flag: "--with-pdo-mysql=mysqlnd", package: "mysql" },
  redis: { package: "redis" },
  soap: { flag: "--enable-soap", package: "soap" },
  sockets: { flag: "--enable-sockets", package: "common" },
  zip: { flag: "--enable-zip", package: "zip" },
  zlib: { flag: "--with-zlib", package: "common" },
} as const satisfies Record<string, Extension>;

/** A PHP extension, by its name in `php -m`. */
export type PhpExtension = keyof typeof extensions;

/** Returns the Debian packages of a PHP version with these extensions. */
export function phpPackages(version: string, names: readonly PhpExtension[]): string[] {
  const all = ["fpm", "xml", ...names.map((name) => extensions[name].package)];
  return [...new Set(all)].map((name) => `php${version}-${name}`);
}

/**
 * Returns the `configure` flags for these extensions.
 * @throws Error for an extension that compiled versions do not support.
 */
export function phpFlags(names: readonly PhpExtension[]): string[] {
  return names.flatMap((name) => {
    const { flag }: Extension = extensions[name];
    if (flag === undefined) throw new Error(`A compiled PHP has no extension ${name}.`);
    return flag.split(" ");
  });
}
